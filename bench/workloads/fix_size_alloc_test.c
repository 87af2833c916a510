/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fix_size_alloc_test.c - allocate nr_pages=, write one byte, free; after the case of that
 * name in Linux lib/test_vmalloc.c. With use_huge=1 by the call that may map 2 MiB at once. One
 * operation is one such round; size is in pages.
 */
#include "hold.h"
#include "round.h"

enum { PAGES, USE_HUGE };

static const struct workload_param params[] = {
	{"nr_pages", "pages", "size of every allocation", 1, 1, 1024},
	{"use_huge", "", "1: by vmalloc_huge()", 0, 0, 1},
	{0},
};

static enum subject_family family_of(const struct case_config *config)
{
	return config->workload_param[USE_HUGE] ? SUBJECT_VMALLOC_HUGE : SUBJECT_VMALLOC;
}

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

const struct workload workload_fix_size_alloc_test = {
	.name = "fix_size_alloc_test",
	.about = "allocate a fixed number of pages, write a byte, free",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family_of = family_of,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = round_work,
	.exact_ops = round_exact_ops,
	.hold = hold,
};
