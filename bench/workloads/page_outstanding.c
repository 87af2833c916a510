/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_outstanding.c - allocate outstanding= blocks of order=, then free them in the order they
 * came: beyond what per-CPU lists hold, the allocator behind them shows. After page_bench03 of
 * prototype-kernel (J. D. Brouer). One operation is the life of one block.
 */
#include "hold.h"
#include "levels.h"

enum { OUTSTANDING, ORDER };

static const struct workload_param params[] = {
	{"outstanding", "blocks", "blocks each worker holds before it frees them", 128, 1,
	 BENCH_OPS_MAX},
	{"order", "", "blocks of 2^order pages", 0, 0, TRI_MAX_ORDER},
	{0},
};

static const struct workload_count counts[] = {LEVEL_COUNTS, {0}};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	unsigned int batch = bench_value(worker->arm, OUTSTANDING);

	n = n < batch ? batch : n - n % batch;
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.order = bench_value(worker->arm, ORDER),
					   .slot = i % batch};
	return n;
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed, const bool exact)
{
	unsigned int batch = bench_value(worker->arm, OUTSTANDING);
	void **objects = worker->objects;

	for (; n; ops += batch, n -= batch) {
		for (unsigned int i = 0; i < batch; i++) {
			objects[i] = bench_alloc(worker, METRIC_ALLOC, ops[i].order, timed);
			worker->failed += !objects[i];
			if (exact && objects[i])
				levels_count(worker);
		}
		for (unsigned int i = 0; i < batch; i++)
			if (objects[i])
				bench_free(worker, METRIC_FREE, objects[i], ops[i].order, timed);
	}
}
BENCH_WORK_LEVELS(run)

static unsigned long exact_ops(const struct bench_arm *arm)
{
	unsigned long batch = bench_value(arm, OUTSTANDING);

	return (BENCH_OPS_MAX + batch - 1) / batch * batch;
}

static void hold(struct bench_arm *arm, struct bench_hold *out)
{
	hold_fill(arm, bench_value(arm, ORDER), bench_value(arm, ORDER), out);
}

const struct workload workload_page_outstanding = {
	.name = "page-outstanding",
	.about = "allocate many blocks of pages, then free them all",
	.origin = "prototype-kernel, mm/bench/page_bench03.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_PAGES,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.counts = counts,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
	.hold = hold,
};
