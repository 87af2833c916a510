/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rows.h - what the plugin writes and launch/ reads: a file of struct rows, one row for each
 * MARK_BEGIN .. MARK_END. Both run on one machine and come from one build.
 */
#ifndef TLBMODEL_ROWS_H
#define TLBMODEL_ROWS_H

#include "histogram.h"

#include <stdint.h>

enum row_counter {
#define COUNTER(name, unit, better, slack, about) ROW_##name,
#include "counters.def"
#undef COUNTER
	ROW_COUNTERS
};

#define ROW_METRICS 4 /* operations told apart: MARK_OP + 0 .. 3 */

/* Per operation of a metric, between MARK_OP and MARK_OP_DONE on its CPU. */
enum row_cost {
	ROW_COST_INSTRUCTIONS,
	ROW_COST_MISSES, /* of the second level */
	ROW_COST_STEPS,
	ROW_COSTS
};

struct row {
	uint64_t counter[ROW_COUNTERS];
	struct histogram cost[ROW_METRICS][ROW_COSTS];
};

#define ROWS_MAX 256 /* arms x repeats of one case, and room */

struct rows {
	uint64_t n;	 /* complete; release order */
	uint64_t lost;	 /* beyond ROWS_MAX */
	uint64_t absent; /* bit per row_counter, and ROW_COUNTERS + row_cost: not known here */
	char model[256]; /* what was modelled, in words: "dTLB 64x4 4K, ..." */
	struct row row[ROWS_MAX];
};

#endif /* TLBMODEL_ROWS_H */
