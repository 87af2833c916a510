/* SPDX-License-Identifier: GPL-2.0-only */
/* words.h - lines to the user: "trimm-user: ..." on stderr, each in one write(). */
#ifndef USER_WORDS_H
#define USER_WORDS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Longer lines are cut: a write of at most PIPE_BUF (4,096) bytes never mixes with another. */
#define WORDS_LINE 512

/* printf formats. Not for signal handlers. */
void words_say(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));

/* A line put together where printf may not be called: inside a signal handler. */
struct words {
	char text[WORDS_LINE];
	size_t length;
};
void words_begin(struct words *line);
void words_text(struct words *line, const char *text);
void words_dec(struct words *line, uint64_t number);
void words_hex(struct words *line, uint64_t number);
/* "[0x1000, 0x3000)" */
void words_range(struct words *line, uint64_t start, uint64_t end);
void words_end(struct words *line);

#endif /* USER_WORDS_H */
