/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_pair.c - allocate a block of order= and free it at once. After page_bench01 of
 * prototype-kernel (J. D. Brouer). cpus=1,2 shows how far it scales.
 */
#include "hold.h"
#include "levels.h"

enum { ORDER };

static const struct workload_param params[] = {
	{"order", "", "blocks of 2^order pages", 0, 0, TRI_MAX_ORDER},
	{0},
};

static const struct workload_count counts[] = {LEVEL_COUNTS, {0}};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.order = bench_value(worker->arm, ORDER)};
	return n;
}

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

static void hold(struct bench_arm *arm, struct bench_hold *out)
{
	hold_fill(arm, bench_value(arm, ORDER), bench_value(arm, ORDER), out);
}

const struct workload workload_page_pair = {
	.name = "page-pair",
	.about = "allocate and free one block of pages at once, again and again",
	.origin = "prototype-kernel, mm/bench/page_bench01.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_PAGES,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.counts = counts,
	.generate = generate,
	.work = work,
	.hold = hold,
};
