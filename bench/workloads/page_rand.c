/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_rand.c - LLFree's rand: each worker allocates its share of half the memory, all blocks are
 * shuffled across the workers, each frees what it got: at random places, mostly others' blocks.
 * After rand() of llfree-rs, eval/src/bin/bench.rs (441c8d1), seed 42 there, seed= here. The one of
 * their kernel module (linux-alloc-bench, alloc.c, 3788f9b) times frees alone and calls both so.
 */
#include "blocks.h"

static const struct workload_param params[] = {BLOCKS_HALF_PARAM, BLOCKS_ORDER_PARAM, {0}};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return blocks_generate(worker, ops, n, BLOCKS_APART | BLOCKS_MEET | BLOCKS_SHUFFLE);
}

const struct workload workload_page_rand = {
	.name = "page-rand",
	.about = "allocate half of the memory, shuffle it across the workers, free it",
	.origin = "LLFree, bench rand",
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
