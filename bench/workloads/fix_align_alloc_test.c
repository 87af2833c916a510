/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fix_align_alloc_test.c - allocate 5 zeroed pages at a multiple of 32 KiB, twice a kernel
 * stack's size on x86-64, and free them; after the case of that name in Linux 6.12
 * lib/test_vmalloc.c. size is in pages, order the alignment's shift.
 */
#include "round.h"

#define ALIGN_SHIFT 15

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	(void)worker;
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.kind = ROUND_ZEROED, .order = ALIGN_SHIFT, .size = 5};
	return n;
}

const struct workload workload_fix_align_alloc_test = {
	.name = "fix_align_alloc_test",
	.about = "allocate 5 zeroed pages at a multiple of 32 KiB, free",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.min_cpus = 1,
	.family = SUBJECT_VMALLOC_ALIGN,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = round_work,
};
