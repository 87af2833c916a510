/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcpu_alloc_test.c - allocate nr_pcpu_objects= objects of per-CPU memory, of 1 byte to a quarter
 * of a page at a multiple of 2 to 2048 bytes, both at random; then free them all. After the case of
 * that name in Linux lib/test_vmalloc.c. size is subject_what(bytes, the alignment's shift).
 */
#include "drive.h"

enum { OBJECTS };

static const struct workload_param params[] = {
	{"nr_pcpu_objects", "objects", "allocated before the first is freed", 35000, 1,
	 BENCH_OBJECTS},
	{0},
};

/* state[0]: operations so far. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	unsigned long objects = bench_value(worker->arm, OBJECTS);

	for (unsigned int i = 0; i < n; i++) {
		unsigned long at = worker->state[0]++ % (2 * objects);
		unsigned long bytes = 1 + bench_random_below(&worker->random, TRI_PAGE_SIZE / 4);
		unsigned int shift = 1 + bench_random_below(&worker->random, 11);

		ops[i] = (struct bench_op){
			.kind = at < objects ? DRIVE_ALLOC : DRIVE_FREE,
			.order = worker->slot,
			.slot = at % objects,
			.size = subject_what(bytes, shift),
		};
	}
	return n;
}

static unsigned long exact_ops(const struct bench_arm *arm)
{
	return 2 * bench_value(arm, OBJECTS);
}

const struct workload workload_pcpu_alloc_test = {
	.name = "pcpu_alloc_test",
	.about = "allocate many objects of per-CPU memory, then free them all",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_PERCPU,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = drive_work,
	.exact_ops = exact_ops,
	.teardown = drive_teardown,
};
