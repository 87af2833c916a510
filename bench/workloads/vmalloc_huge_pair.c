/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmalloc_huge_pair.c - allocate nr_pages= by the call that may map 2 MiB at once, write one
 * byte, free; after fix_size_alloc_test of Linux 6.12 lib/test_vmalloc.c with use_huge. size is
 * in pages.
 */
#include "hold.h"
#include "round.h"

enum { PAGES };

static const struct workload_param params[] = {
	{"nr_pages", "pages", "size of every allocation", 512, 1, 2048},
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = bench_value(worker->arm, PAGES)};
	return n;
}

static void hold(struct bench_arm *arm, struct bench_hold *out)
{
	uint32_t bytes = bench_value(arm, PAGES) * TRI_PAGE_SIZE;

	hold_fill(arm, bytes, bytes, out);
}

const struct workload workload_vmalloc_huge_pair = {
	.name = "vmalloc-huge-pair",
	.about = "allocate pages mapped 2 MiB at once where that can be, write a byte, free",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_VMALLOC_HUGE,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = round_work,
	.exact_ops = round_exact_ops,
	.hold = hold,
};
