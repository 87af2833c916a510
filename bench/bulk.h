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
#define BULK_BATCH_PARAM                                                                     \
	{                                                                                    \
		"batch", "objects", "objects a call; 1: the calls for one", 64, 1, BULK_MOST \
	}

#define BULK_MOST 512

/* What all calls are given, in arm->state[BULK_WHAT]. */
enum { BULK_WHAT };

/* An operation's kind: what is not done by the bulk calls, or in between. */
enum {
	BULK_ALLOC_ONE = 1, /* a batch is allocated one by one */
	BULK_FREE_ONE = 2,
	BULK_SCATTER = 4, /* bulk_scatter(), every slot-th object matching; no part of the work */
};
/* fallback=, the word for it. */
#define BULK_FALLBACK_PARAM                                                                        \
	{                                                                                          \
		"fallback", "", "1: as many objects by the calls for one, timed together", 0, 0, 1 \
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

/*
 * A call is what is timed: METRIC_ALLOC and METRIC_FREE are per batch. Counts levels (levels.h)
 * for workloads that have counts: of a call that its CPU's list did not suffice for, all objects
 * behind it.
 */
void bulk_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);

/*
 * Exchange the batch in objects[0] .. for others, out of a pool behind them, such that neighbours
 * lie in different pages; every @nmatch-th, if not 0, where the first of the batch came from.
 */
void bulk_scatter(struct bench_worker *worker, unsigned int batch, unsigned int nmatch);
/* Give the pool an object, which is to have several batches of them; take one, or NULL. */
void bulk_pool_put(struct bench_worker *worker, void *object);
void *bulk_pool_take(struct bench_worker *worker, unsigned int from);

#endif /* BENCH_BULK_H */
