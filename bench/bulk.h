/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bulk.h - batch= objects allocated, then freed, in one call each; with batch=1 by the calls
 * for one object. One operation is the life of one object.
 */
#ifndef BENCH_BULK_H
#define BENCH_BULK_H

#include "hold.h"

/* The place of batch= among the parameters of workloads that do this. */
enum { BULK_BATCH };
#define BULK_BATCH_PARAM                                                               \
	{                                                                              \
		"batch", "objects", "objects a call; 1: the calls for one", 64, 1, 512 \
	}

/* Operations of size and order @each, in whole batches. */
static inline unsigned int bulk_generate(struct bench_worker *worker, struct bench_op *ops,
					 unsigned int n, struct bench_op each)
{
	unsigned int batch = bench_value(worker->arm, BULK_BATCH);

	n = n < batch ? batch : n - n % batch;
	for (unsigned int i = 0; i < n; i++)
		ops[i] = each;
	return n;
}

static inline unsigned long bulk_exact_ops(const struct bench_arm *arm)
{
	return 4096 / bench_value(arm, BULK_BATCH) * bench_value(arm, BULK_BATCH);
}

/* A call is what is timed: METRIC_ALLOC and METRIC_FREE are per batch. */
BENCH_INLINE void bulk_one(struct bench_worker *worker, uintptr_t what, unsigned int batch,
			   const enum bench_timing timed)
{
	const struct subject_api *api = worker->arm->api;
	void **objects = worker->objects;
	uint64_t start = bench_begin(METRIC_ALLOC, timed);

	if (!api->alloc_bulk(what, batch, objects)) {
		worker->failed += batch;
		return;
	}
	bench_end(worker, METRIC_ALLOC, start, timed);
	start = bench_begin(METRIC_FREE, timed);
	api->free_bulk(what, batch, objects);
	bench_end(worker, METRIC_FREE, start, timed);
}

BENCH_INLINE void bulk_run(struct bench_worker *worker, uintptr_t what, unsigned int n,
			   const enum bench_timing timed)
{
	unsigned int batch = bench_value(worker->arm, BULK_BATCH);

	for (unsigned int i = 0; batch > 1 && i < n; i += batch)
		bulk_one(worker, what, batch, timed);
	for (unsigned int i = 0; batch == 1 && i < n; i++) {
		void *memory = bench_alloc(worker, METRIC_ALLOC, what, timed);

		if (memory)
			bench_free(worker, METRIC_FREE, memory, what, timed);
		else
			worker->failed++;
	}
}

#endif /* BENCH_BULK_H */
