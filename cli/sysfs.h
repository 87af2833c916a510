/* SPDX-License-Identifier: GPL-2.0-only */
/* sysfs.h - one-line files of the kernel. */
#ifndef CLI_SYSFS_H
#define CLI_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

/* The first line of a file, without newline; false, and "", if there is none. */
bool sysfs_line(const char *path, char *line, size_t size);
/* The same as a number; -1 if it is none. */
long sysfs_number(const char *path);
/* What follows @key and its colon in a file of "key : value" lines; false, and "", without. */
bool sysfs_field(const char *path, const char *key, char *value, size_t size);

#endif /* CLI_SYSFS_H */
