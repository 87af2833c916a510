/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_batch.c - batch= blocks of order= allocated, then freed, each timed as a whole: the
 * microbenchmark pagealloc of mmtests (M. Gorman; stap-scripts/pagealloc-micro.stp, until
 * beeaeb89). Its grid is order=0,1,2,3,4 batch=1,2,4 ... 16384, and `trimm export --format
 * pagealloc` its table. A batch there is batch + 1 blocks (its loops end with <=), divided by
 * batch: at batch 1 its figures are of two allocations, at 2 of three.
 */
#include "blocks.h"

static const struct workload_param params[] = {
	{"batch", "blocks", "blocks each worker allocates before it frees them", 1, 1, 16384},
	BLOCKS_ORDER_PARAM,
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return blocks_generate(worker, ops, n, BLOCKS_APART);
}

const struct workload workload_page_batch = {
	.name = "page-batch",
	.about = "allocate a batch of blocks, then free it: what an allocation and a free cost",
	.origin = "mmtests, pagealloc",
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
