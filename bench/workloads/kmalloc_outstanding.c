/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmalloc_outstanding.c - each worker holds objects= objects of size_min= to size_max= bytes
 * and replaces one of them at random: free it, allocate another of another size. size is in
 * bytes. After the working sets of Larson and Krishnan, "Memory allocation for long-running
 * server applications" (1998), but with nobody else's objects among them.
 */
#include "hold.h"

enum { OBJECTS, SMALLEST, LARGEST };

static const struct workload_param params[] = {
	{"objects", "objects", "objects each worker holds", 100, 1, BENCH_OBJECTS},
	{"size_min", "bytes", "sizes are this to size_max, all alike likely", 16, 1, 1UL << 20},
	{"size_max", "bytes", "largest size", 1024, 1, 1UL << 20},
	{0},
};

static uint32_t least(const struct bench_arm *arm)
{
	uint32_t min = bench_value(arm, SMALLEST), max = bench_value(arm, LARGEST);

	return min < max ? min : max;
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	const struct bench_arm *arm = worker->arm;
	uint32_t min = least(arm), sizes = bench_value(arm, LARGEST) - min + 1;

	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){
			.slot = bench_random_below(&worker->random, bench_value(arm, OBJECTS)),
			.size = min + bench_random_below(&worker->random, sizes),
		};
	return n;
}

/* A slot is empty before its first turn; the warm-up is over when hardly one is. */
BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	for (unsigned int i = 0; i < n; i++) {
		void **object = &worker->objects[ops[i].slot];

		bench_free(worker, METRIC_FREE, *object, 0, timed);
		*object = bench_alloc(worker, METRIC_ALLOC, ops[i].size, timed);
		worker->failed += !*object;
	}
}
BENCH_WORK(run)

static void hold(struct bench_arm *arm, struct bench_hold *out)
{
	hold_fill(arm, least(arm), bench_value(arm, LARGEST), out);
}

static void teardown(struct bench_arm *arm)
{
	for (unsigned int i = 0; i < arm->cpus; i++) {
		void **objects = arm->workers[i].objects;

		for (unsigned long k = 0; k < bench_value(arm, OBJECTS); k++) {
			arm->api->free(objects[k], 0);
			objects[k] = NULL;
		}
	}
}

const struct workload workload_kmalloc_outstanding = {
	.name = "kmalloc-outstanding",
	.about = "hold many objects of random sizes, replace one at random",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_KMALLOC,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = work,
	.hold = hold,
	.teardown = teardown,
};
