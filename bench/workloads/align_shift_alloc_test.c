/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * align_shift_alloc_test.c - allocate a zeroed page at a multiple of 2^0, 2^1 and so on to 2^63
 * bytes, and free it; after the case of that name in Linux 6.12 lib/test_vmalloc.c. Large
 * alignments are meant to fail, which is counted; Linux's stops at the first, this one tries all.
 * size is in pages, order the alignment's shift.
 */
#include "round.h"

#define SHIFTS 64

/* state[0]: how many so far. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){
			.kind = ROUND_ZEROED, .order = worker->state[0]++ % SHIFTS, .size = 1};
	return n;
}

static unsigned long exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return 16UL * SHIFTS;
}

const struct workload workload_align_shift_alloc_test = {
	.name = "align_shift_alloc_test",
	.about = "allocate a zeroed page at a multiple of 2^0 to 2^63 bytes, free; some must fail",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.min_cpus = 1,
	.family = SUBJECT_VMALLOC_ALIGN,
	.may_fail = true,
	.metrics = bench_metrics_alloc_free,
	.counts = round_failures,
	.generate = generate,
	.work = round_work,
	.exact_ops = exact_ops,
};
