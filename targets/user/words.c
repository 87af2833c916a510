/* SPDX-License-Identifier: GPL-2.0-only */
/* words.c - lines to the user: one write() each, so that threads do not mix theirs. */
#include "words.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

static const char prefix[] = "trimm-user: ";

void words_begin(struct words *line)
{
	line->length = 0;
	words_text(line, prefix);
}

void words_text(struct words *line, const char *text)
{
	while (*text && line->length < sizeof(line->text) - 1)
		line->text[line->length++] = *text++;
}

static void number_text(struct words *line, uint64_t number, unsigned int base)
{
	char digits[24], *at = digits + sizeof(digits) - 1;

	*at = '\0';
	do {
		*--at = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	words_text(line, at);
}

void words_dec(struct words *line, uint64_t number)
{
	number_text(line, number, 10);
}

void words_hex(struct words *line, uint64_t number)
{
	words_text(line, "0x");
	number_text(line, number, 16);
}

void words_range(struct words *line, uint64_t start, uint64_t end)
{
	words_text(line, "[");
	words_hex(line, start);
	words_text(line, ", ");
	words_hex(line, end);
	words_text(line, ")");
}

void words_end(struct words *line)
{
	ssize_t written;

	line->text[line->length++] = '\n';
	/* Nobody is left to hear that stderr is gone. */
	written = write(STDERR_FILENO, line->text, line->length);
	(void)written;
}

void words_say(const char *fmt, va_list args)
{
	struct words line;
	char text[WORDS_LINE];

	vsnprintf(text, sizeof(text), fmt, args);
	words_begin(&line);
	words_text(&line, text);
	words_end(&line);
}

void host_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	words_say(fmt, args);
	va_end(args);
}
