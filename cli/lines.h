/* SPDX-License-Identifier: GPL-2.0-only */
/* lines.h - whole lines from a pipe that gives pieces. */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct lines {
	int fd; /* -1: at its end */
	char *text;
	size_t length, size;
};

/* Called with each line, newline included; a last line without one gets one. */
typedef bool lines_fn(void *arg, char *line, size_t length);

/*
 * Read what is there and hand on the lines that are complete; at the end of the pipe, or
 * once @each says false, the rest is dropped and fd is -1.
 */
void lines_read(struct lines *lines, lines_fn *each, void *arg);
void lines_close(struct lines *lines);

#endif /* CLI_LINES_H */
