/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_bulk.c - batch= single pages in one call, and back in one: what the bulk interface saves
 * over batch=1. After page_bench04_bulk of prototype-kernel (J. D. Brouer).
 */
#include "bulk.h"

static const struct workload_param params[] = {
	BULK_BATCH_PARAM,
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return bulk_generate(worker, ops, n, (struct bench_op){.order = 0});
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	(void)ops;
	bulk_run(worker, 0, n, timed);
}
BENCH_WORK(run)

const struct workload workload_page_bulk = {
	.name = "page-bulk",
	.about = "allocate and free single pages, many in one call",
	.origin = "prototype-kernel, mm/bench/page_bench04_bulk.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_PAGES,
	.slices = true,
	.needs_bulk = true,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = work,
	.exact_ops = bulk_exact_ops,
};
