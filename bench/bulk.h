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

/* What all calls are given, in arm->state[BULK_WHAT]. */
enum { BULK_WHAT };

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

/*
 * A call is what is timed: METRIC_ALLOC and METRIC_FREE are per batch. Counts levels (levels.h)
 * for workloads that have counts: of a call that its CPU's list did not suffice for, all objects
 * behind it.
 */
void bulk_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);

#endif /* BENCH_BULK_H */
