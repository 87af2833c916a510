/* SPDX-License-Identifier: GPL-2.0-only */
/* round.c - what the vmalloc tests share; see round.h. */
#include "round.h"

const char *const bench_metrics_alloc_free[] = {"alloc", "free", NULL};

const struct workload_count round_failures[] = {
	{"failed_allocs", "allocations", TRI_BETTER_NONE},
	{0},
};

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	for (unsigned int i = 0; i < n; i++)
		round_one(worker, &ops[i], timed);
}
BENCH_WORK(run)

void round_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	work(worker, ops, n);
}

unsigned long round_exact_ops(const struct bench_arm *arm)
{
	/* 34,000 pages are 2 purges and a bit at the default threshold on 2 CPUs. */
	unsigned long rounds = 34000 / arm->cpus / (bench_value(arm, 0) + 1);

	return rounds ? rounds : 1;
}

int round_keep(struct bench_arm *arm, unsigned long pages)
{
	void *memory = arm->api->alloc(pages * TRI_PAGE_SIZE);

	if (!memory)
		return -ENOMEM;
	if (arm->arm->subject->has_memory)
		bench_touch(memory, pages);
	arm->kept[arm->nr_kept++] = (struct bench_kept){memory, pages * TRI_PAGE_SIZE};
	return 0;
}

void bench_free_kept(struct bench_arm *arm, unsigned long down_to)
{
	while (arm->nr_kept > down_to) {
		struct bench_kept *last = &arm->kept[--arm->nr_kept];

		arm->api->free(last->memory, last->what);
	}
}

void round_free_kept(struct bench_arm *arm)
{
	bench_free_kept(arm, 0);
}
