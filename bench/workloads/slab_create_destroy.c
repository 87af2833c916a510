/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_create_destroy.c - create a kmem_cache of objects of size= bytes, allocate and free one,
 * destroy the cache: each worker its own. After slab_test02 of prototype-kernel (J. D. Brouer),
 * which does so once, with objects of a struct sk_buff's size. size is in bytes.
 */
#include "bench.h"

enum { SIZE };

static const char *const metrics[] = {"create", "destroy", NULL};

static const struct workload_param params[] = {
	{"size", "bytes", "size of the cache's objects", 256, 8, 65536},
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = bench_value(worker->arm, SIZE)};
	return n;
}

BENCH_INLINE void one_cache(struct bench_worker *worker, unsigned int size,
			    const enum bench_timing timed)
{
	const struct subject *subject = worker->arm->arm->subject;
	uint64_t start = bench_begin(0, timed);
	uintptr_t cache = subject->cache_create(size);
	void *object;

	bench_end(worker, 0, start, timed);
	if (!cache) {
		worker->failed++;
		return;
	}
	object = worker->alloc(cache);
	worker->failed += !object;
	if (object)
		worker->free(object, cache);
	start = bench_begin(1, timed);
	subject->cache_destroy(cache);
	bench_end(worker, 1, start, timed);
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	for (unsigned int i = 0; i < n; i++)
		one_cache(worker, ops[i].size, timed);
}
BENCH_WORK(run)

const struct workload workload_slab_create_destroy = {
	.name = "slab-create-destroy",
	.about = "create a cache, use it once, destroy it",
	.origin = "prototype-kernel, mm/slab_test02.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_CACHE,
	.metrics = metrics,
	.generate = generate,
	.work = work,
};
