/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * long_busy_list_alloc_test.c - with busy= areas live, allocate 100 pages and 1 page, write
 * a byte to each, free both; after the case of that name in Linux lib/test_vmalloc.c. It
 * shows whether finding room depends on how many areas there are. size is in pages.
 */
#include "round.h"

enum { BUSY };

static const struct workload_param params[] = {
	{"busy", "areas", "one-page areas live all the time", 15000, 1, 60000},
	{0},
};

static int setup(struct bench_arm *arm)
{
	int error = 0;

	for (unsigned long i = 0; i < bench_value(arm, BUSY) && !error; i++)
		error = round_keep(arm, 1);
	return error;
}

/* The large one is op->size pages, the small one a page. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	(void)worker;
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = 100};
	return n;
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	for (unsigned int i = 0; i < n; i++) {
		void *large = bench_alloc(worker, METRIC_ALLOC, ops[i].size * TRI_PAGE_SIZE, timed);
		void *small = bench_alloc(worker, METRIC_ALLOC, TRI_PAGE_SIZE, timed);

		worker->failed += !large + !small;
		if (large && worker->writes)
			bench_touch_first(worker, large, 1);
		if (small && worker->writes)
			bench_touch_first(worker, small, 1);
		bench_free(worker, METRIC_FREE, large, ops[i].size * TRI_PAGE_SIZE, timed);
		bench_free(worker, METRIC_FREE, small, TRI_PAGE_SIZE, timed);
	}
}
BENCH_WORK(run)

static unsigned long exact_ops(const struct bench_arm *arm)
{
	/* 103 pages an operation with both guards: 2 purges at the default on 2 CPUs. */
	return 340 / arm->cpus;
}

const struct workload workload_long_busy_list_alloc_test = {
	.name = "long_busy_list_alloc_test",
	.about = "with 15,000 areas live, allocate and free 100 pages and 1 page",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.metrics = bench_metrics_alloc_free,
	.setup = setup,
	.generate = generate,
	.work = work,
	.teardown = round_free_kept,
	.exact_ops = exact_ops,
};
