/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_fill.c - LLFree's bulk: each worker allocates its share of half the memory, all meet, each
 * frees what it has, in the order it came. After bulk() of linux-alloc-bench, alloc.c (3788f9b),
 * and of llfree-rs, eval/src/bin/bench.rs (441c8d1), which frees the latest first; both make the
 * mean of each worker's allocations and of its frees, as alloc.mean and free.mean are here.
 */
#include "blocks.h"

static const struct workload_param params[] = {BLOCKS_HALF_PARAM, BLOCKS_ORDER_PARAM, {0}};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return blocks_generate(worker, ops, n, BLOCKS_APART | BLOCKS_MEET);
}

const struct workload workload_page_fill = {
	.name = "page-fill",
	.about = "all workers allocate half of the memory at once, then free it (LLFree's bulk)",
	.origin = "LLFree, bench bulk",
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
	.teardown = blocks_teardown,
};
