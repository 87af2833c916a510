/* SPDX-License-Identifier: GPL-2.0-only */
/* html.c - writing HTML; see html.h. */
#include "html.h"

#include <stdarg.h>

static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			putc(*text, out);
		}
	}
}

void html_put(FILE *out, const char *pattern, ...)
{
	const char *text;
	va_list texts;

	va_start(texts, pattern);
	for (; *pattern; pattern++) {
		if (*pattern != '$') {
			putc(*pattern, out);
			continue;
		}
		text = va_arg(texts, const char *);
		if (!text)
			break;
		put_escaped(out, text);
	}
	va_end(texts);
}
