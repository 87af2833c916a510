/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_orders.c - a walk of all orders: each worker allocates a block of 1 page and frees it, one
 * of 2 pages, of 4 ... to the largest, and begins again. What is split for the small ones is
 * whole again for the large ones, unless it stays in lists.
 */
#include "blocks.h"

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.order = worker->state[0]++ % (TRI_MAX_ORDER + 1)};
	return n;
}

static unsigned long exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return 372 * (TRI_MAX_ORDER + 1);
}

const struct workload workload_page_orders = {
	.name = "page-orders",
	.about = "allocate and free a block of each order in turn",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.min_cpus = 1,
	.family = SUBJECT_PAGES,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.counts = blocks_counts,
	.generate = generate,
	.work = blocks_pair_work,
	.exact_ops = exact_ops,
};
