/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words.c - lines to the user, formatted as on the other targets: by mmcore's own text.c, which
 * knows what all of them know.
 */
#include "words.h"

#include "host.h"
#include "lines.h"
#include "stream.h"
#include "text.h"

/* Longer lines are cut. */
#define WORDS_LINE 512

static const char prefix[] = "trimm-module: ";

struct line {
	unsigned int length;
	char text[WORDS_LINE];
};

static void collect(void *arg, const char *piece, size_t length)
{
	struct line *line = arg;
	size_t room = sizeof(line->text) - line->length;
	size_t taken = length < room ? length : room;

	memcpy(line->text + line->length, piece, taken);
	line->length += (unsigned int)taken;
}

void words_say(const char *fmt, va_list args)
{
	struct line line = {.length = 0};
	struct text text = {.write = collect, .arg = &line};

	collect(&line, prefix, sizeof(prefix) - 1);
	text_add_args(&text, fmt, args);
	text_end(&text);
	stream_line(LINE_WORDS, line.text, line.length);
}

void host_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	words_say(fmt, args);
	va_end(args);
}
