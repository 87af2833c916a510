/* SPDX-License-Identifier: GPL-2.0-only */
/* user_maps.c - /proc/self/maps, read without a single new mapping. */
#include "user_maps.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#define PAGE 4096UL

/* Room for 65,530 lines of 100 characters. */
static char text[8 << 20];

static void maps_read(void)
{
	size_t length = 0;
	ssize_t got;
	int fd = open("/proc/self/maps", O_RDONLY);

	assert_true(fd >= 0);
	while ((got = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(fd);
}

size_t maps_count(uintptr_t start, uintptr_t end)
{
	size_t count = 0;
	char *line = text;

	for (maps_read(); *line; line = strchr(line, '\n') + 1) {
		uintptr_t from = strtoul(line, &line, 16), to = strtoul(line + 1, &line, 16);

		count += from < end && to > start;
	}
	return count;
}

size_t maps_exhaust(char **at, size_t pairs)
{
	size_t i;

	*at = mmap(NULL, 2 * pairs * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		   -1, 0);
	assert_true(*at != MAP_FAILED);
	for (i = 0; i < pairs; i++)
		if (mprotect(*at + 2 * i * PAGE, PAGE, PROT_READ))
			break;
	return 2 * pairs * PAGE;
}
