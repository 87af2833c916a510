/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ring.h - workloads in which every even worker allocates and the odd one after it frees: what it
 * costs that memory comes back on another CPU. Objects go through a bounded ring; a place is its
 * own flag, NULL when empty, so that the two share no index (Giacomoni, Moseley, Vachharajani,
 * "FastForward for efficient pipeline parallelism", 2008). One operation is the life of one
 * object. A worker without partner stands by. With impl=null the ring alone is measured: what
 * goes through it is no memory, of which nothing was allocated and is freed.
 */
#ifndef BENCH_RING_H
#define BENCH_RING_H

#include "bench.h"

/* The places of their parameters; the first is what is asked for: a size, or an order. */
enum { RING_WHAT, RING_PLACES };
#define RING_PLACES_PARAM                                                                          \
	{                                                                                          \
		"ring", "objects", "objects on their way at most, rounded down to a power of two", \
			256, 1, 4096                                                               \
	}

unsigned int ring_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n);
/* Counts levels (levels.h) for workloads that have counts. */
void ring_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);

#endif /* BENCH_RING_H */
