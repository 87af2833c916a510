/* SPDX-License-Identifier: GPL-2.0-only */
/* folded.c - see folded.h; flamegraph.pl and its likes read it. */
#include "folded.h"
#include "trace_record.h"

#include <math.h>
#include <string.h>

/* A frame has no separator and no end of line in it. */
static void print_frame(const char *frame, FILE *out)
{
	for (const char *c = frame; *c; c++)
		fputc(*c == ';' ? ':' : *c == '\n' || *c == '\r' ? ' ' : *c, out);
}

void folded_print(const json_t *stack, bool rooted, FILE *out)
{
	const json_t *frames = json_object_get(stack, "frames");
	double weight = record_number(stack, "weight");
	size_t n = json_array_size(frames);

	if (isnan(weight) || weight <= 0)
		return;
	if (rooted || !n)
		print_frame(record_text(stack, "probe"), out);
	for (size_t i = 0; i < n; i++) {
		const char *frame = json_string_value(json_array_get(frames, i));

		if (i || rooted)
			fputc(';', out);
		print_frame(frame && *frame ? frame : "[unknown]", out);
	}
	fprintf(out, " %.0f\n", weight);
}
