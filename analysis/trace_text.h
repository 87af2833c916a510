/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_text.h - records of tracing as text: for each probe a head line, its histograms, each with
 * what the probe cost and missed, its counters as tables, its stacks.
 */
#ifndef ANALYSIS_TRACE_TEXT_H
#define ANALYSIS_TRACE_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* All of @records, an array, but events and probes that did not work; @top stacks of a probe. */
void trace_text_print(const json_t *records, size_t top, FILE *out);

/* An event, as a line, below the columns that trace_text_event_head() names. */
void trace_text_event_head(FILE *out);
void trace_text_event(const json_t *event, FILE *out);

/*
 * Of a probe that did not work, in @line: what, why and what to do, without newline. False: it
 * did.
 */
bool trace_text_trouble(const json_t *probe, char *line, size_t size);

/* What a probe saw, missed and cost: an account in 2 lines, a third where it disturbed. */
void trace_text_account(const json_t *probe, FILE *out);

#endif /* ANALYSIS_TRACE_TEXT_H */
