/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas_live.c - live= areas of one page are held; free one of them at random, allocate
 * another of 1 to max_pages= pages: how the search for room grows with the number of areas. A
 * list, as Linux had until 2.6.28, grows in proportion. Nothing is touched: the areas
 * themselves are what is looked at. size is in pages.
 */
#include "hold.h"

enum { LIVE, MAX_PAGES };

static const struct workload_param params[] = {
	{"live", "areas", "areas held, all workers' together", 1000, 1, 60000},
	{"max_pages", "pages", "sizes of those allocated anew are 1 to this", 4, 1, 64},
	{0},
};

/* Each worker replaces areas of its own; those are spread over all of the window. */
static unsigned long share(const struct bench_arm *arm)
{
	unsigned long own = bench_value(arm, LIVE) / arm->cpus;

	return own ? own : 1;
}

static int setup(struct bench_arm *arm)
{
	for (unsigned long i = 0; i < share(arm); i++) {
		for (unsigned int k = 0; k < arm->cpus; k++) {
			struct bench_kept *kept = &arm->kept[i * arm->cpus + k];

			*kept = (struct bench_kept){arm->api->alloc(TRI_PAGE_SIZE), TRI_PAGE_SIZE};
			if (!kept->memory)
				return -ENOMEM;
			arm->nr_kept++;
		}
	}
	return 0;
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	uint32_t own = share(worker->arm), max = bench_value(worker->arm, MAX_PAGES);

	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){
			.slot = bench_random_below(&worker->random, own),
			.size = 1 + bench_random_below(&worker->random, max),
		};
	return n;
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	struct bench_arm *arm = worker->arm;

	for (unsigned int i = 0; i < n; i++) {
		struct bench_kept *kept = &arm->kept[ops[i].slot * arm->cpus + worker->slot];

		bench_free(worker, METRIC_FREE, kept->memory, kept->what, timed);
		kept->what = ops[i].size * TRI_PAGE_SIZE;
		kept->memory = bench_alloc(worker, METRIC_ALLOC, kept->what, timed);
		worker->failed += !kept->memory;
	}
}
BENCH_WORK(run)

static unsigned long exact_ops(const struct bench_arm *arm)
{
	/* 34,000 pages, guards included: 2 purges at the default on 2 CPUs. */
	return 34000 * 2 / arm->cpus / (3 + bench_value(arm, MAX_PAGES));
}

static void hold(struct bench_arm *arm, struct bench_hold *out)
{
	for (unsigned long i = 0; i < arm->nr_kept; i++)
		hold_count(arm, arm->kept[i].memory, arm->kept[i].what, arm->kept[i].what, out);
}

static void teardown(struct bench_arm *arm)
{
	bench_free_kept(arm, 0);
}

const struct workload workload_areas_live = {
	.name = "areas-live",
	.about = "among many live areas, replace one at random",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_VMALLOC,
	.metrics = bench_metrics_alloc_free,
	.setup = setup,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
	.hold = hold,
	.teardown = teardown,
};
