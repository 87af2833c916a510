/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_tables.h - what belongs together of records of tracing, and its tables, as text. */
#ifndef ANALYSIS_TRACE_TABLES_H
#define ANALYSIS_TRACE_TABLES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* One probe in one phase. */
struct trace_group {
	const char *probe;
	int bench; /* -1: all of the traced time */
};

bool trace_group_has(const struct trace_group *group, const json_t *record);

/* A table for each name, by value. */
void trace_tables_counters(const json_t *records, const struct trace_group *group, FILE *out);
/* The @top heaviest. */
void trace_tables_stacks(const json_t *records, const struct trace_group *group, size_t top,
			 FILE *out);

#endif /* ANALYSIS_TRACE_TABLES_H */
