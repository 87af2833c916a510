/* SPDX-License-Identifier: GPL-2.0-only */
/* resident.c - see resident.h. */
#include "resident.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No stdio: its buffers come from malloc, which may be what is measured. */
long resident_bytes(void)
{
	int fd = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
	char text[4096];
	const char *line;
	ssize_t length;

	if (fd < 0)
		return -1;
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (length <= 0)
		return -1;
	text[length] = '\0';
	line = strstr(text, "\nAnonymous:");
	return line ? strtol(line + sizeof("\nAnonymous:") - 1, NULL, 10) * 1024 : -1;
}
