/* SPDX-License-Identifier: GPL-2.0-only */
/* launch.c - what every part of this program needs; see launch.h. */
#include "launch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void launch_error(const char *fmt, ...)
{
	char line[1024] = "trimm-qemu: ";
	size_t length = strlen(line);
	va_list args;

	va_start(args, fmt);
	vsnprintf(line + length, sizeof(line) - length, fmt, args);
	va_end(args);
	/* One write: lines of others may come in between, but not inside. */
	dprintf(STDERR_FILENO, "%s\n", line);
}

char *launch_format(const char *fmt, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, fmt);
	length = vasprintf(&text, fmt, args);
	va_end(args);
	if (length < 0) {
		launch_error("out of memory");
		exit(LAUNCH_FAILED);
	}
	return text;
}

char *launch_beside(const char *name)
{
	char *own = realpath("/proc/self/exe", NULL);
	char *slash = own ? strrchr(own, '/') : NULL, *path;

	path = launch_format("%.*s%s", slash ? (int)(slash + 1 - own) : 0, own ? own : "", name);
	free(own);
	return path;
}

int launch_share(const char *name, uint64_t bytes, void **memory)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd >= 0 && !ftruncate(fd, (off_t)bytes)) {
		*memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd,
			       0);
		if (*memory != MAP_FAILED)
			return fd;
	}
	launch_error("%lu MiB to share with QEMU (%s): %m; lower memory=", bytes >> 20, name);
	if (fd >= 0)
		close(fd);
	return -1;
}
