/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kfree_bulk.c - batch= objects of size= bytes from kmalloc, one by one, and back in one call:
 * what kfree_bulk() saves over fallback=1, kfree() of each. After slab_bulk_test05_kfree_bulk of
 * prototype-kernel (J. D. Brouer), with batches of 1 to 250; there objects come from a kmem_cache.
 */
#include "bulk.h"

enum { BATCH = BULK_BATCH, SIZE, FALLBACK };

static const struct workload_param params[] = {
	BULK_BATCH_PARAM,
	{"size", "bytes", "size of every object", 256, 1, 65536},
	BULK_FALLBACK_PARAM,
	{0},
};

static int setup(struct bench_arm *arm)
{
	arm->state[BULK_WHAT] = bench_value(arm, SIZE);
	return 0;
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	bool one = bench_value(worker->arm, FALLBACK);
	struct bench_op each = {.kind = BULK_ALLOC_ONE | (one ? BULK_FREE_ONE : 0),
				.size = bench_value(worker->arm, SIZE)};

	return bulk_generate(worker, ops, n, each);
}

const struct workload workload_kfree_bulk = {
	.name = "kfree-bulk",
	.about = "allocate objects one by one, free many in one call",
	.origin = "prototype-kernel, mm/slab_bulk_test05_kfree_bulk.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_KMALLOC,
	.slices = true,
	.needs_bulk = true,
	.metrics = bench_metrics_alloc_free,
	.setup = setup,
	.generate = generate,
	.work = bulk_work,
	.exact_ops = bulk_exact_ops,
};
