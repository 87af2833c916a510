/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_bulk.c - batch= objects of one kmem_cache in one call, and back in one: what the bulk
 * interface saves over batch=1. After slab_bulk_test01 of prototype-kernel (J. D. Brouer),
 * whose objects are 256 bytes, too, and batches 1 to 250; test02 is batch=16 of it. fallback=1 is
 * its "bulk_fallback". size is in bytes.
 */
#include "bulk.h"

enum { BATCH = BULK_BATCH, SIZE, FALLBACK };

static const struct workload_param params[] = {
	BULK_BATCH_PARAM,
	{"size", "bytes", "size of the cache's objects", 256, 8, 65536},
	BULK_FALLBACK_PARAM,
	{0},
};

static int setup(struct bench_arm *arm)
{
	arm->state[BULK_WHAT] = arm->arm->subject->cache_create(bench_value(arm, SIZE));
	return arm->state[BULK_WHAT] ? 0 : -ENOMEM;
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	struct bench_op each = {.size = bench_value(worker->arm, SIZE)};

	if (bench_value(worker->arm, FALLBACK))
		each.kind = BULK_ALLOC_ONE | BULK_FREE_ONE;
	return bulk_generate(worker, ops, n, each);
}

static void hold(struct bench_arm *arm, struct bench_hold *out)
{
	hold_fill(arm, bench_value(arm, SIZE), bench_value(arm, SIZE), out);
}

static void teardown(struct bench_arm *arm)
{
	if (arm->state[BULK_WHAT])
		arm->arm->subject->cache_destroy(arm->state[BULK_WHAT]);
}

const struct workload workload_slab_bulk = {
	.name = "slab-bulk",
	.about = "allocate and free objects of one cache, many in one call",
	.origin = "prototype-kernel, mm/slab_bulk_test01.c",
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
	.hold = hold,
	.teardown = teardown,
};
