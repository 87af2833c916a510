/* SPDX-License-Identifier: GPL-2.0-only */
/* control.c - the module, by its files in debugfs (targets/linux-module/lines.h). */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILES "/sys/kernel/debug/trimm/"

/* Linux, include/linux/panic.h: TAINT_OOT_MODULE and TAINT_UNSIGNED_MODULE, of any such module. */
#define TAINT_EXPECTED (1UL << 12 | 1UL << 13)

static bool loaded;

bool control_is_there(void)
{
	return !access("/sys/module/" CONTROL_MODULE, F_OK);
}

void control_loaded(void)
{
	loaded = true;
}

int control_load(const char *path, const char *params, char *why, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;

	if (loaded)
		return 0;
	loaded = fd >= 0 && !syscall(SYS_finit_module, fd, params, 0);
	error = errno;
	if (fd >= 0)
		close(fd);
	if (loaded)
		return 0;
	snprintf(why, size, "%s: cannot be loaded: %s%s", path, strerror(error),
		 error == EEXIST	 ? "; another run uses it, or `rmmod " CONTROL_MODULE "`"
		 : error == ENOEXEC	 ? "; it was built for another kernel"
		 : error == EKEYREJECTED ? "; this kernel takes none without a signature it knows"
					 : "");
	return -1;
}

int control_unload(char *why, size_t size)
{
	if (!loaded)
		return 0;
	if (!syscall(SYS_delete_module, CONTROL_MODULE, O_NONBLOCK)) {
		loaded = false;
		return 0;
	}
	snprintf(why, size, "trimm.ko: cannot be unloaded: %m");
	return -1;
}

int control_run(const char *words, size_t length, char *why, size_t size)
{
	int run = open(FILES "run", O_WRONLY | O_CLOEXEC), records = -1;

	if (run < 0 || write(run, words, length) != (ssize_t)length)
		snprintf(why, size, FILES "run: %s",
			 errno == EBUSY	  ? "another case is active"
			 : errno == E2BIG ? "the case has too many words; split it"
					  : strerror(errno));
	else if ((records = open(FILES "records", O_RDONLY | O_CLOEXEC | O_NONBLOCK)) < 0)
		snprintf(why, size, FILES "records: %m");
	if (run >= 0)
		close(run);
	return records;
}

void control_stop(void)
{
	int stop = open(FILES "stop", O_WRONLY | O_CLOEXEC);

	/* It may have ended by itself: that is no error. */
	if (stop >= 0 && write(stop, "1", 1) < 0)
		errno = 0;
	if (stop >= 0)
		close(stop);
}

int control_status(void)
{
	return open(FILES "status", O_RDONLY | O_CLOEXEC);
}

bool control_active(int status)
{
	char text[64];
	ssize_t got = pread(status, text, sizeof(text) - 1, 0);

	text[got > 0 ? got : 0] = '\0';
	return strncmp(text, "state idle\n", strlen("state idle\n")) != 0;
}

static void answer(const char *question, int to)
{
	int ask = open(FILES "ask", O_RDWR | O_CLOEXEC);
	char piece[4096];
	ssize_t got;

	if (ask < 0 || write(ask, question, strlen(question)) < 0)
		_exit(1);
	while ((got = read(ask, piece, sizeof(piece))) > 0)
		write_all(to, piece, (size_t)got);
	_exit(got < 0);
}

int control_ask(const char *question)
{
	int fds[2];
	pid_t asker;

	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK))
		return -1;
	asker = fork();
	if (!asker)
		answer(question, fds[1]);
	close(fds[1]);
	if (asker > 0)
		return fds[0];
	close(fds[0]);
	return -1;
}

unsigned long control_taint(void)
{
	char text[32];

	if (!read_text("/proc/sys/kernel/tainted", text, sizeof(text)))
		return 0;
	return strtoul(text, NULL, 10) & ~TAINT_EXPECTED;
}
