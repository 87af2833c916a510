/* SPDX-License-Identifier: GPL-2.0-only */
/* barrier.c - where workers meet: waiting is no work, so a copy in each workload buys nothing. */
#include "bench.h"

void bench_barrier(struct bench_worker *worker)
{
	if (worker->timed == BENCH_MARKED)
		PLAT_MARK(MARK_CLOSE);
	team_barrier(worker->team, worker->slot);
	if (worker->timed == BENCH_MARKED)
		PLAT_MARK(MARK_OPEN);
}
