/* SPDX-License-Identifier: GPL-2.0-only */
/* lines.c - see lines.h. */
#include "lines.h"
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A record of a million samples has 20 MB; a line beyond this has lost its newline. */
#define LINE_MAX_LENGTH (64UL << 20)
#define PIECE		(64UL << 10)

/* Hand on complete lines, keep the rest. */
static bool hand_on(struct lines *lines, lines_fn *each, void *arg)
{
	char *line = lines->text, *end = lines->text + lines->length, *newline;

	while ((newline = memchr(line, '\n', end - line))) {
		if (!each(arg, line, newline + 1 - line))
			return false;
		line = newline + 1;
	}
	lines->length = end - line;
	memmove(lines->text, line, lines->length);
	return lines->length < LINE_MAX_LENGTH;
}

void lines_read(struct lines *lines, lines_fn *each, void *arg)
{
	ssize_t n;

	while (lines->fd >= 0) {
		if (lines->size - lines->length < PIECE) {
			lines->size = 2 * lines->size + PIECE;
			lines->text = cli_alloc(lines->text, lines->size);
		}
		n = read(lines->fd, lines->text + lines->length, lines->size - lines->length - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0 && lines->length) {
			lines->text[lines->length++] = '\n';
			hand_on(lines, each, arg);
		}
		lines->length += n > 0 ? n : 0;
		if (n <= 0 || !hand_on(lines, each, arg))
			lines_close(lines);
	}
}

void lines_close(struct lines *lines)
{
	if (lines->fd >= 0)
		close(lines->fd);
	free(lines->text);
	*lines = (struct lines){.fd = -1};
}
