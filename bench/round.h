/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * round.h - the round many vmalloc tests share: allocate op->size pages, write one byte,
 * free. Alloc and free are timed apart.
 */
#ifndef BENCH_ROUND_H
#define BENCH_ROUND_H

#include "bench.h"

BENCH_INLINE void round_one(struct bench_worker *worker, unsigned long pages,
			    const enum bench_timing timed)
{
	void *memory = bench_alloc(worker, METRIC_ALLOC, pages * TRI_PAGE_SIZE, timed);

	if (!memory) {
		worker->failed++;
		return;
	}
	if (worker->writes)
		bench_touch_first(worker, memory, 1);
	bench_free(worker, METRIC_FREE, memory, pages * TRI_PAGE_SIZE, timed);
}

/* work() of a workload whose operations are rounds. */
void round_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);

/* Rounds per worker so that all workers together free about 34,000 pages, guards included. */
unsigned long round_exact_ops(const struct bench_arm *arm);

/*
 * setup() helper: keep one more object of @pages for teardown, touched, so that it is live where
 * the host maps on touch. 0 or -ENOMEM.
 */
int round_keep(struct bench_arm *arm, unsigned long pages);
/* teardown() of a workload that kept objects in setup(). */
void round_free_kept(struct bench_arm *arm);

#endif /* BENCH_ROUND_H */
