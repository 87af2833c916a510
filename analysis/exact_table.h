/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exact_table.h - what an exact run counted, as a table: a line an arm, a column a count, in
 * each cell what one operation took.
 */
#ifndef ANALYSIS_EXACT_TABLE_H
#define ANALYSIS_EXACT_TABLE_H

#include "plot_cases.h"

#include <stdio.h>

#define EXACT_COLUMNS_MAX 48

/*
 * What is read first: what one operation executed, whom it interrupted, what it flushed and
 * what that and its own accesses missed. In the order they are shown.
 */
struct exact_headline {
	const char *name, *label;		    /* in text; on a page */
	double (*value)(const struct bench *bench); /* of an operation; NAN: not counted */
};
#define EXACT_HEADLINES_MAX 8
/* Those that are above 0 in some arm of the workload; how many. */
size_t exact_headlines(const struct plot_cases *cases, const char *workload,
		       const struct exact_headline *shown[EXACT_HEADLINES_MAX]);
/* The label of a case without "mode=exact", which a table of such alone need not say. */
const char *exact_label(const struct plot_case *at, char *buffer, size_t size);

/* The counters of one workload's arms that are above 0 in some of them, in file order. */
struct exact_columns {
	size_t n;
	const struct counter *counter[EXACT_COLUMNS_MAX]; /* of the arm that has it first */
};

/* Does the run hold benches of mode=exact with counters? */
bool exact_table_any(const struct plot_cases *cases);
/*
 * @modelled: those the emulator's plugin counted; else mmcore's, the host's and the
 * workload's own.
 */
void exact_columns_read(const struct plot_cases *cases, const char *workload, bool modelled,
			struct exact_columns *columns);
/* Of an operation; where operations don't divide it (a maximum, memory held), the value. */
double exact_cell(const struct bench *bench, const char *name);
/* Is the value of such a column one of an operation? */
bool exact_per_operation(const struct counter *counter);
/*
 * "skylake", the model the misses are those of; "" if the run does not say, "by tlb=" if cases
 * have several. In @buffer.
 */
const char *exact_tlb_model(const struct plot_cases *cases, char *buffer, size_t size);

/* The headlines as text, at most 120 columns wide; nothing if the plugin counted nothing. */
void exact_table_print(const struct plot_cases *cases, FILE *out);

#endif /* ANALYSIS_EXACT_TABLE_H */
