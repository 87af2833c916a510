/* SPDX-License-Identifier: GPL-2.0-only */
/* blocks_pair.c - a block of pages allocated and freed at once, again and again. */
#include "blocks.h"

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed, const bool exact)
{
	for (unsigned int i = 0; i < n; i++) {
		void *memory = bench_alloc(worker, METRIC_ALLOC, ops[i].order, timed);

		if (!memory) {
			worker->failed++;
			continue;
		}
		if (exact)
			levels_count(worker);
		bench_free(worker, METRIC_FREE, memory, ops[i].order, timed);
	}
}
BENCH_WORK_LEVELS(run)

void blocks_pair_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	work(worker, ops, n);
}

unsigned int blocks_pair_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.order = bench_value(worker->arm, BLOCKS_PAIR_ORDER)};
	return n;
}

void blocks_pair_hold(struct bench_arm *arm, struct bench_hold *out)
{
	uint32_t order = bench_value(arm, BLOCKS_PAIR_ORDER);

	hold_fill(arm, order, order, out);
}
