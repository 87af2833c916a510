/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_bulk_worst.c - as slab-bulk, but what goes back in one call lies in another page than its
 * neighbours, so that free_bulk can't put them back page by page; nmatch= takes every so many-th
 * from where the batch was, 1 all. After slab_bulk_test03 of prototype-kernel (J. D. Brouer), whose
 * batch, size and prefill these are, and which tries nmatch 1, 2, 3, 4, 5, 6, 10 and 65. There to
 * choose objects is part of the time, here it is not. size is in bytes.
 */
#include "bulk.h"

enum { BATCH = BULK_BATCH, SIZE, FALLBACK, NMATCH, PREFILL };

static const struct workload_param params[] = {
	BULK_BATCH_PARAM,
	{"size", "bytes", "size of the cache's objects", 224, 8, 65536},
	BULK_FALLBACK_PARAM,
	{"nmatch", "objects", "from one of the same page to the next; 0: none", 0, 0, 512},
	{"prefill", "objects", "to choose from, of each worker", 4096, 1, 32768},
	{0},
};

static int setup(struct bench_arm *arm)
{
	uintptr_t cache = arm->arm->subject->cache_create(bench_value(arm, SIZE));

	arm->state[BULK_WHAT] = cache;
	if (!cache)
		return -ENOMEM;
	for (unsigned int i = 0; i < arm->cpus; i++) {
		for (unsigned long k = 0; k < bench_value(arm, PREFILL); k++) {
			void *object = arm->api->alloc(cache);

			if (!object)
				return -ENOMEM;
			bulk_pool_put(&arm->workers[i], object);
		}
	}
	return 0;
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	bool one = bench_value(worker->arm, FALLBACK);
	struct bench_op each = {
		.kind = BULK_SCATTER | (one ? BULK_ALLOC_ONE | BULK_FREE_ONE : 0),
		.slot = bench_value(worker->arm, NMATCH),
		.size = bench_value(worker->arm, SIZE),
	};

	return bulk_generate(worker, ops, n, each);
}

static void teardown(struct bench_arm *arm)
{
	uintptr_t cache = arm->state[BULK_WHAT];
	void *object;

	for (unsigned int i = 0; i < arm->cpus; i++) {
		while ((object = bulk_pool_take(&arm->workers[i], 0)))
			arm->api->free(object, cache);
	}
	if (cache)
		arm->arm->subject->cache_destroy(cache);
}

const struct workload workload_slab_bulk_worst = {
	.name = "slab-bulk-worst",
	.about = "free in one call objects each of which lies in another page",
	.origin = "prototype-kernel, mm/slab_bulk_test03.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_CACHE,
	.slices = true,
	.needs_bulk = true,
	.metrics = bench_metrics_alloc_free,
	.setup = setup,
	.generate = generate,
	.work = bulk_work,
	.exact_ops = bulk_exact_ops,
	.teardown = teardown,
};
