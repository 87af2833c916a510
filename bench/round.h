/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * round.h - the round many vmalloc tests share: allocate op->size pages, write one byte,
 * free. Alloc and free are timed apart. op->order is the second part of subject_what(), of
 * families that have one.
 */
#ifndef BENCH_ROUND_H
#define BENCH_ROUND_H

#include "bench.h"

enum round_kind {
	ROUND_WRITE,
	ROUND_ZEROED, /* the call itself writes all of it: no byte more */
};

BENCH_INLINE void round_one(struct bench_worker *worker, const struct bench_op *op,
			    const enum bench_timing timed)
{
	unsigned long pages = op->size;
	uintptr_t what = subject_what(pages * TRI_PAGE_SIZE, op->order);
	void *memory = bench_alloc(worker, METRIC_ALLOC, what, timed);

	if (!memory) {
		worker->failed++;
		return;
	}
	if (worker->writes && op->kind == ROUND_ZEROED)
		worker->first_touches += pages;
	else if (worker->writes)
		bench_touch_first(worker, memory, 1);
	bench_free(worker, METRIC_FREE, memory, what, timed);
}

/* work() of a workload whose operations are rounds. */
void round_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);

/* counts of a workload that may fail: {"failed_allocs"}. */
extern const struct workload_count round_failures[];

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
