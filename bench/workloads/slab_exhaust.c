/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_exhaust.c - all workers allocate objects of one kmem_cache, batch= a call, until there are
 * none left; then each frees what it got, one by one. That calls fail is no failure here. After
 * slab_bulk_test04_exhaust_mem of prototype-kernel (J. D. Brouer), whose batch and size these are.
 * An operation is all of it. size is in bytes, of memory= all that watermarks leave.
 */
#include "drive.h"

enum { SIZE, BATCH };
#define BATCH_MOST 128

static const struct workload_param params[] = {
	{"size", "bytes", "size of the cache's objects", 1024, 8, 65536},
	{"batch", "objects", "a call", 16, 1, BATCH_MOST},
	{0},
};

static const struct workload_count counts[] = {
	{"objects", "objects", TRI_BETTER_HIGHER},
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = bench_value(worker->arm, SIZE)};
	return n;
}

/* Objects are linked through themselves: nobody has room for so many pointers. */
BENCH_INLINE void *take_all(struct bench_worker *worker, uintptr_t cache,
			    const enum bench_timing timed)
{
	unsigned long batch = bench_value(worker->arm, BATCH);
	void **objects = worker->objects, *list = NULL;

	for (;;) {
		uint64_t start = bench_begin(METRIC_ALLOC, timed);
		unsigned long got = worker->arm->api->alloc_bulk(cache, batch, objects);

		bench_end(worker, METRIC_ALLOC, start, timed);
		if (!got)
			return list;
		worker->count[0] += got;
		while (got--) {
			*(void **)objects[got] = list;
			list = objects[got];
		}
	}
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	uintptr_t cache = worker->arm->state[0];

	(void)ops;
	while (n--) {
		void *list = take_all(worker, cache, timed);

		bench_barrier(worker);
		while (list) {
			void *next = *(void **)list;

			bench_free(worker, METRIC_FREE, list, cache, timed);
			list = next;
		}
		bench_barrier(worker);
	}
	memset(worker->objects, 0, BATCH_MOST * sizeof(worker->objects[0]));
}
BENCH_WORK(run)

const struct workload workload_slab_exhaust = {
	.name = "slab-exhaust",
	.about = "allocate objects until memory is exhausted, then free them all",
	.origin = "prototype-kernel, mm/slab_bulk_test04_exhaust_mem.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_CACHE,
	.needs_bulk = true,
	.needs_core = true,
	.metrics = bench_metrics_alloc_free,
	.counts = counts,
	.setup = drive_cache_setup,
	.generate = generate,
	.work = work,
	.exact_ops = drive_once,
	.teardown = drive_teardown,
};
