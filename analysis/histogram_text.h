/* SPDX-License-Identifier: GPL-2.0-only */
/* histogram_text.h - a histogram as lines of text: range, count, a bar of stars. */
#ifndef ANALYSIS_HISTOGRAM_TEXT_H
#define ANALYSIS_HISTOGRAM_TEXT_H

#include "run.h"

#include <stdio.h>

/*
 * At most 80 columns and some 24 rows: of powers of two, or of halves or quarters of them where
 * that is still so few. The last line has the quantiles. Nothing but a word of that where it is
 * empty.
 */
void histogram_text_print(const struct hist *hist, FILE *out);

#endif /* ANALYSIS_HISTOGRAM_TEXT_H */
