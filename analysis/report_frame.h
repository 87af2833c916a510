/* SPDX-License-Identifier: GPL-2.0-only */
/* report_frame.h - what every page of every report has: head, style, ways to its sections, end. */
#ifndef ANALYSIS_REPORT_FRAME_H
#define ANALYSIS_REPORT_FRAME_H

#include "compare.h"

#include <stdio.h>

struct report_link {
	const char *href, *text;
};

/*
 * Up to the heading, in the page's <header>. @home: the page this one belongs to, a link above the
 * heading; href NULL: it is the first page itself.
 */
void frame_head(FILE *out, const struct report_link *home, const char *title);
/* The ways to the page's sections end the header; what follows is in <main>. */
void frame_nav(FILE *out, const struct report_link *links, size_t n);
void frame_foot(FILE *out);

/* "fine", "bad" or "unclear": the colour of a box for a comparison's, or command's, exit code. */
const char *frame_tone(int exit_code);
/* "good", "bad" or "none": that of a verdict's tag. */
const char *frame_tag(enum verdict verdict);
/* A value for a cell; "–" where there is none. In @buffer. */
const char *frame_value(double value, const char *unit, char *buffer, size_t size);

#endif /* ANALYSIS_REPORT_FRAME_H */
