/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * random_size_align_alloc_test.c - allocate 1 to 10 zeroed pages at a multiple of 1 byte to 4 MiB,
 * both from the same random byte, and free them; after the case of that name in Linux 6.12
 * lib/test_vmalloc.c. size is in pages, order the alignment's shift.
 */
#include "round.h"

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		unsigned int byte = bench_random_below(&worker->random, 256);

		ops[i] = (struct bench_op){
			.kind = ROUND_ZEROED, .order = byte % 23, .size = 1 + byte % 10};
	}
	return n;
}

const struct workload workload_random_size_align_alloc_test = {
	.name = "random_size_align_alloc_test",
	.about = "allocate 1 to 10 zeroed pages, aligned to up to 4 MiB at random, free",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.min_cpus = 1,
	.family = SUBJECT_VMALLOC_ALIGN,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = round_work,
};
