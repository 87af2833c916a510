/* SPDX-License-Identifier: GPL-2.0-only */
/* csv.c - rows of comma-separated values, RFC 4180. */
#include "csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void finish(FILE *out, bool last)
{
	fputs(last ? "\r\n" : ",", out);
}

void csv_text(FILE *out, const char *text, bool last)
{
	bool quoted = text && strpbrk(text, ",\"\r\n");

	if (quoted)
		fputc('"', out);
	for (const char *c = text ? text : ""; *c; c++) {
		if (*c == '"')
			fputc('"', out);
		fputc(*c, out);
	}
	if (quoted)
		fputc('"', out);
	finish(out, last);
}

void csv_number(FILE *out, double value, bool last)
{
	char text[40] = "";

	for (int digits = 6; isfinite(value) && digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	fputs(text, out);
	finish(out, last);
}
