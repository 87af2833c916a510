/* SPDX-License-Identifier: GPL-2.0-only */
/* csv.h - rows of comma-separated values, RFC 4180. */
#ifndef ANALYSIS_CSV_H
#define ANALYSIS_CSV_H

#include <stdbool.h>
#include <stdio.h>

/* One field; @last ends the row. NULL is an empty field. */
void csv_text(FILE *out, const char *text, bool last);
/* NAN is an empty field. 17 digits where it takes them, so that nothing is lost. */
void csv_number(FILE *out, double value, bool last);

#endif /* ANALYSIS_CSV_H */
