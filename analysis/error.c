/* SPDX-License-Identifier: GPL-2.0-only */
/* error.c - one-line errors. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

int error_set(struct run_error *error, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(error->text, sizeof(error->text), fmt, args);
	va_end(args);
	for (char *c = error->text; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	}
	return -1;
}
