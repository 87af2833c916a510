/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * no_block_alloc_test.c - allocate nr_pages= without sleeping, with GFP_ATOMIC or GFP_NOWAIT at
 * random, write one byte, free; after the case of that name in Linux 6.19 lib/test_vmalloc.c. What
 * can't be had at once is counted as failed. size is in pages, order 1 for GFP_ATOMIC.
 */
#include "round.h"

enum { PAGES };

static const struct workload_param params[] = {
	{"nr_pages", "pages", "size of every allocation", 1, 1, 1024},
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.order = bench_random_below(&worker->random, 2),
					   .size = bench_value(worker->arm, PAGES)};
	return n;
}

const struct workload workload_no_block_alloc_test = {
	.name = "no_block_alloc_test",
	.about = "allocate pages without sleeping, write a byte, free; some may fail",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_VMALLOC_NOBLOCK,
	.may_fail = true,
	.metrics = bench_metrics_alloc_free,
	.counts = round_failures,
	.generate = generate,
	.work = round_work,
	.exact_ops = round_exact_ops,
};
