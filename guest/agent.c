/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * agent.c - who runs cases of the module in trimm.ko: as the first program of a guest that
 * trimm-qemu has started (guest/port.h), or, as `trimm-module WORD...`, on this machine.
 *
 * One static program, which needs nothing else to run: a guest has no libraries.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool write_all(int fd, const void *bytes, size_t length)
{
	const char *next = bytes;

	while (length) {
		ssize_t written = write(fd, next, length);

		if (written < 0 && errno == EAGAIN) {
			struct pollfd room = {.fd = fd, .events = POLLOUT};

			poll(&room, 1, -1);
		} else if (written < 0 && errno != EINTR) {
			return false;
		}
		next += written > 0 ? written : 0;
		length -= written > 0 ? (size_t)written : 0;
	}
	return true;
}

bool read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, text, size - 1) : -1;

	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return got >= 0;
}

int main(int argc, char **argv)
{
	if (getpid() == 1)
		serve(init_guest());
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		puts("trimm-module " TRIMM_VERSION);
		return 0;
	}
	return on_host(argc - 1, argv + 1);
}
