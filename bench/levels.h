/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * levels.h - which level of the page allocator served each block: counted in the exact phase
 * alone, where no clock runs, so that a page workload can say what its time is the time of.
 */
#ifndef BENCH_LEVELS_H
#define BENCH_LEVELS_H

#include "bench.h"

/* In the order of enum tri_page_level. */
#define LEVEL_COUNTS                                                                         \
	{"level_pcp", "blocks", TRI_BETTER_NONE}, {"level_zone", "blocks", TRI_BETTER_NONE}, \
	{                                                                                    \
		"level_slow", "blocks", TRI_BETTER_LOWER                                     \
	}

/* After an allocation of @n blocks in one call that succeeded, on the CPU that made it. */
static inline void levels_count_many(struct bench_worker *worker, unsigned int n)
{
	if (worker->arm->core)
		worker->count[worker->arm->calls->page_level()] += n;
}

static inline void levels_count(struct bench_worker *worker)
{
	levels_count_many(worker, 1);
}

/* In an executor that also serves workloads without LEVEL_COUNTS: whether to. */
static inline bool levels_wanted(const struct bench_worker *worker)
{
	return worker->exact && worker->arm->workload->counts;
}

/* As BENCH_WORK, of an inline run(worker, ops, n, timed, exact). */
#define BENCH_WORK_LEVELS(run)                                                                    \
	static void work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n) \
	{                                                                                         \
		if (worker->timed == BENCH_MARKED)                                                \
			run(worker, ops, n, BENCH_MARKED, true);                                  \
		else if (worker->exact)                                                           \
			run(worker, ops, n, BENCH_UNTIMED, true);                                 \
		else if (worker->timed)                                                           \
			run(worker, ops, n, BENCH_TIMED, false);                                  \
		else                                                                              \
			run(worker, ops, n, BENCH_UNTIMED, false);                                \
	}

#endif /* BENCH_LEVELS_H */
