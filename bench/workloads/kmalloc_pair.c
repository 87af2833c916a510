/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmalloc_pair.c - allocate size= bytes and free them at once: the shortest way through an
 * allocator, all of it in the cache. After time_bench_kmem_cache1 of prototype-kernel (J. D.
 * Brouer), which does so to kmem_cache. size is in bytes.
 */
#include "hold.h"

enum { SIZE };

static const struct workload_param params[] = {
	{"size", "bytes", "size of every object", 64, 1, 4UL << 20},
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = bench_value(worker->arm, SIZE)};
	return n;
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	for (unsigned int i = 0; i < n; i++) {
		void *memory = bench_alloc(worker, METRIC_ALLOC, ops[i].size, timed);

		worker->failed += !memory;
		bench_free(worker, METRIC_FREE, memory, ops[i].size, timed);
	}
}
BENCH_WORK(run)

static void hold(struct bench_arm *arm, struct bench_hold *out)
{
	hold_fill(arm, bench_value(arm, SIZE), bench_value(arm, SIZE), out);
}

const struct workload workload_kmalloc_pair = {
	.name = "kmalloc-pair",
	.about = "allocate and free one object at once, again and again",
	.origin = "prototype-kernel, lib/time_bench_kmem_cache1.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_KMALLOC,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = work,
	.hold = hold,
};
