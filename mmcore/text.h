/* SPDX-License-Identifier: GPL-2.0-only */
/* text.h - numbers and words into lines of text, without libc. See text.c. */
#ifndef MMCORE_TEXT_H
#define MMCORE_TEXT_H

#include <stdarg.h>

#include "platform.h"

/* Collects what is written and hands it on in pieces. */
struct text {
	void (*write)(void *arg, const char *piece, size_t length);
	void *arg;
	unsigned int used;
	char piece[1024];
};

/*
 * %s %c %d %u %x, these with 'l' or 'z', too, %p and %%, each with an optional '-', '0' and
 * width, as printf has them.
 */
void text_add(struct text *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_add_args(struct text *text, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));
/* Hand on what is left. */
void text_end(struct text *text);

#endif /* MMCORE_TEXT_H */
