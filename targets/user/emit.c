/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * emit.c - the record stream: the descriptor named by TRIMM_RECORD_FD, or stdout.
 *
 * A reader that has gone away is no error of ours: the run just ends. Anything else that
 * loses records is said once, and ends the run too.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "host.h"
#include "stop.h"

static bool writable(long fd)
{
	int mode = fd <= INT_MAX ? fcntl((int)fd, F_GETFL) : -1;

	return mode >= 0 && (mode & O_ACCMODE) != O_RDONLY;
}

static int record_fd(void)
{
	static int fd = -1;
	const char *name = getenv("TRIMM_RECORD_FD");
	char *end;
	long number;

	if (fd >= 0)
		return fd;
	fd = STDOUT_FILENO;
	if (!name)
		return fd;
	number = strtol(name, &end, 10);
	if (isdigit((unsigned char)*name) && !*end && writable(number))
		fd = (int)number;
	else
		host_error("TRIMM_RECORD_FD=%s is no open descriptor to write to; "
			   "records go to stdout",
			   name);
	return fd;
}

/* A descriptor that does not block is somebody else's choice: wait for it. */
static bool may_retry(int fd)
{
	struct pollfd room = {.fd = fd, .events = POLLOUT};

	if (errno == EAGAIN)
		return poll(&room, 1, -1) >= 0 || errno == EINTR;
	return errno == EINTR;
}

void host_emit(const char *line, size_t length)
{
	static bool broken;
	struct iovec parts[2] = {
		{.iov_base = (char *)line, .iov_len = length},
		{.iov_base = "\n", .iov_len = 1},
	};
	int fd = record_fd();

	while (!broken && parts[1].iov_len) {
		ssize_t written = writev(fd, parts, 2);
		size_t of_line;

		if (written < 0 && may_retry(fd))
			continue;
		if (written < 0) {
			if (errno != EPIPE)
				host_error("cannot write a record: %s", strerror(errno));
			broken = true;
			stop_request();
			return;
		}
		of_line = (size_t)written < parts[0].iov_len ? (size_t)written : parts[0].iov_len;
		parts[0].iov_base = (char *)parts[0].iov_base + of_line;
		parts[0].iov_len -= of_line;
		parts[1].iov_len -= (size_t)written - of_line;
	}
}
