/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * night_print.h - a night for people and their tools: lines of text, markdown, JUnit's XML.
 *
 * Cases come worst first; those without a difference are counted only, but for JUnit, where each
 * is a test that passed. Write errors are left in ferror(@out).
 */
#ifndef ANALYSIS_NIGHT_PRINT_H
#define ANALYSIS_NIGHT_PRINT_H

#include "night.h"

#include <stdio.h>

/* Ends in the summary, a line of its own. */
void night_print_text(const struct night *night, FILE *out);
void night_print_markdown(const struct night *night, FILE *out);
/* Regressed: failure; broken night: error; what says nothing: skipped. */
void night_print_junit(const struct night *night, FILE *out);

/* What differs, in @buffer: "area_steps 40 -> 52 (+30.0 %); time +4.7 % (+3.0 to +6.0 %)". */
const char *night_changes(const struct night_case *item, char *buffer, size_t size);

#endif /* ANALYSIS_NIGHT_PRINT_H */
