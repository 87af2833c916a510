/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * random_size_alloc_test.c - allocate 1..max_pages= pages at random, write one byte, free;
 * after the case of that name in Linux lib/test_vmalloc.c. size is in pages.
 */
#include "round.h"

enum { MAX_PAGES };

static const struct workload_param params[] = {
	{"max_pages", "pages", "sizes are 1 to this, all alike likely", 100, 1, 1024},
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	uint32_t max = bench_value(worker->arm, MAX_PAGES);

	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = 1 + bench_random_below(&worker->random, max)};
	return n;
}

const struct workload workload_random_size_alloc_test = {
	.name = "random_size_alloc_test",
	.about = "allocate 1 to max_pages pages at random, write a byte, free",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = round_work,
};
