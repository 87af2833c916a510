/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * access.c - load from one page after the other, nr_pages= of them, round and round; each load
 * gives the address of the next, so that none is early. By nr_pages= the time of a load steps up
 * where the first-level TLB, and where the second, can't hold the pages any more. Each page is
 * read at another cache line, or all would fall into one set of the cache and hide it. One
 * operation is one load.
 */
#include "lone.h"

enum { PAGES };
enum { METRIC_ACCESS };

#define LINE  64
#define LINES (TRI_PAGE_SIZE / LINE)

static const char *const metrics[] = {"access", NULL};

static const struct workload_param params[] = {
	{"nr_pages", "pages", "pages each worker loads from", 64, 1, 16384},
	{0},
};

/* Where page @i of the round is read. */
static void **place(char *memory, unsigned long i)
{
	return (void **)(memory + i * TRI_PAGE_SIZE + i % LINES * LINE);
}

/* Each worker has pages of its own, and begins with the first. */
static int setup(struct bench_arm *arm)
{
	unsigned long pages = bench_value(arm, PAGES);

	for (unsigned int k = 0; k < arm->cpus; k++) {
		char *memory;

		if (round_keep(arm, pages))
			return -ENOMEM;
		memory = arm->kept[k].memory;
		for (unsigned long i = 0; i < pages; i++)
			*place(memory, i) = place(memory, (i + 1) % pages);
		arm->workers[k].objects[0] = place(memory, 0);
	}
	return 0;
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return lone_generate(ops, n, bench_value(worker->arm, PAGES));
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	void *at = worker->objects[0];

	(void)ops;
	for (unsigned int i = 0; i < n; i++) {
		uint64_t start = bench_begin(METRIC_ACCESS, timed);

		at = __atomic_load_n((void **)at, __ATOMIC_RELAXED);
		/* Used before the clock is read. */
		__asm__ volatile("" : "+r"(at));
		bench_end(worker, METRIC_ACCESS, start, timed);
	}
	worker->objects[0] = at;
}
BENCH_WORK(run)

/* Whole rounds, and of few pages many. */
static unsigned long exact_ops(const struct bench_arm *arm)
{
	unsigned long pages = bench_value(arm, PAGES), rounds = BENCH_OPS_MAX / pages;

	return pages * (rounds < 4 ? 4 : rounds);
}

const struct workload workload_access = {
	.name = "access",
	.about = "load from many pages in turn: how many translations do the TLBs hold?",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.slices = true,
	.needs_core = true,
	.metrics = metrics,
	.setup = setup,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = round_free_kept,
};
