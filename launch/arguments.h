/* SPDX-License-Identifier: GPL-2.0-only */
/* arguments.h - a command line that grows; ends in NULL once anything was added. */
#ifndef LAUNCH_ARGUMENTS_H
#define LAUNCH_ARGUMENTS_H

#include <stddef.h>

#define ARGUMENTS_MAX 128

struct arguments {
	size_t n;
	char *item[ARGUMENTS_MAX + 1];
};

/* Takes @text, which is malloc()ed. More than ARGUMENTS_MAX end the program after one line. */
void arguments_add(struct arguments *arguments, char *text);
void arguments_free(struct arguments *arguments);
/* @text as the value of one of QEMU's options: a comma in it is written twice; free() it. */
char *arguments_escape(const char *text);

#endif /* LAUNCH_ARGUMENTS_H */
