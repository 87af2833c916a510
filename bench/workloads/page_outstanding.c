/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_outstanding.c - allocate outstanding= blocks of order=, then free them in the order they
 * came: beyond what per-CPU lists hold, the allocator behind them shows. After page_bench03 of
 * prototype-kernel (J. D. Brouer). One operation is the life of one block.
 */
#include "blocks.h"

static const struct workload_param params[] = {
	{"outstanding", "blocks", "blocks each worker holds before it frees them", 128, 1,
	 BENCH_OPS_MAX},
	BLOCKS_ORDER_PARAM,
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return blocks_generate(worker, ops, n, 0);
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
	.obstacle = blocks_obstacle,
	.metrics = bench_metrics_alloc_free,
	.counts = blocks_counts,
	.setup = blocks_setup,
	.generate = generate,
	.work = blocks_work,
	.exact_ops = blocks_exact_ops,
	.hold = blocks_hold,
	.teardown = blocks_teardown,
};
