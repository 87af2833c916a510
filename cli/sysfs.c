/* SPDX-License-Identifier: GPL-2.0-only */
/* sysfs.c - see sysfs.h. */
#include "sysfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool sysfs_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");
	bool found = file && fgets(line, size, file);

	if (file)
		fclose(file);
	line[found ? strcspn(line, "\n") : 0] = 0;
	return found;
}

long sysfs_number(const char *path)
{
	char line[64], *end;
	long number;

	if (!sysfs_line(path, line, sizeof(line)))
		return -1;
	number = strtol(line, &end, 10);
	return end == line ? -1 : number;
}

bool sysfs_field(const char *path, const char *key, char *value, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t length = strlen(key);
	char buffer[4096];
	bool found = false;

	value[0] = 0;
	while (file && !found && fgets(buffer, sizeof(buffer), file)) {
		const char *line = buffer + strspn(buffer, " \t");
		const char *after = line + length;

		found = !strncmp(line, key, length) && after[strspn(after, " \t")] == ':';
		if (found) {
			after = strchr(after, ':') + 1;
			after += strspn(after, " \t");
			snprintf(value, size, "%.*s", (int)strcspn(after, "\n"), after);
		}
	}
	if (file)
		fclose(file);
	return found;
}
