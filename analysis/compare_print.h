/* SPDX-License-Identifier: GPL-2.0-only */
/* compare_print.h - one function a format; private to compare*.c. */
#ifndef ANALYSIS_COMPARE_PRINT_H
#define ANALYSIS_COMPARE_PRINT_H

#include "compare.h"

void compare_print_text(const struct comparison *comparison, bool verbose, FILE *out);
void compare_print_markdown(const struct comparison *comparison, bool verbose, FILE *out);
void compare_print_json(const struct comparison *comparison, FILE *out);
void compare_print_csv(const struct comparison *comparison, FILE *out);
void compare_print_junit(const struct comparison *comparison, FILE *out);

/* As compare_print_json() prints it; a new reference. */
json_t *compare_json(const struct comparison *comparison);

#endif /* ANALYSIS_COMPARE_PRINT_H */
