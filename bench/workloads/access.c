/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * access.c - load from one page after the other, nr_pages= of them, stride= pages apart, round and
 * round; each load gives the address of the next, so that none is early. By nr_pages= the time of
 * a load steps up where the first-level TLB, and where the second, can't hold the pages any more.
 * The order is a shuffled one, the same each time: a prefetcher that sees a pattern walks the
 * tables ahead of the loads and hides what a walk costs. Each page is read at another cache line,
 * or all would fall into one set of the cache and hide it too. The same number of loads from
 * whole pages (lines=64, a 64th of the pages) is what the caches alone cost. One operation is one
 * load.
 */
#include "lone.h"

enum { PAGES, STRIDE, LINES_READ };
enum { METRIC_ACCESS };

#define LINE  64
#define LINES (TRI_PAGE_SIZE / LINE)

static const char *const metrics[] = {"access", NULL};

static const struct workload_param params[] = {
	{"nr_pages", "pages", "pages each worker loads from", 64, 1, 16384},
	{"stride", "pages", "distance from one to the next; 512: each has a page table of its own",
	 1, 1, 512},
	{"lines", "lines", "cache lines to load from in each page", 1, 1, LINES},
	{0},
};

static unsigned long loads_of(const struct bench_arm *arm)
{
	return bench_value(arm, PAGES) * bench_value(arm, LINES_READ);
}

/* What load @i reads. */
static void **place(const struct bench_arm *arm, char *memory, unsigned long i)
{
	unsigned long page = i / bench_value(arm, LINES_READ);
	unsigned long line = (page + i % bench_value(arm, LINES_READ)) % LINES;

	return (void **)(memory + page * bench_value(arm, STRIDE) * TRI_PAGE_SIZE + line * LINE);
}

/*
 * One round through all loads: Sattolo's shuffle ("An algorithm to generate a random cyclic
 * permutation", 1986) of places that each begin by naming themselves.
 */
static void link_round(const struct bench_arm *arm, char *memory)
{
	unsigned long loads = loads_of(arm);
	struct bench_random random;

	bench_random_seed(&random, 0, 0);
	for (unsigned long i = 0; i < loads; i++)
		*place(arm, memory, i) = place(arm, memory, i);
	for (unsigned long i = loads - 1; i > 0; i--) {
		void **one = place(arm, memory, i);
		void **other = place(arm, memory, bench_random_below(&random, (uint32_t)i));
		void *next = *one;

		*one = *other;
		*other = next;
	}
}

/* Each worker has pages of its own, and begins with the first. */
static int setup(struct bench_arm *arm)
{
	unsigned long pages = bench_value(arm, PAGES) * bench_value(arm, STRIDE);

	for (unsigned int k = 0; k < arm->cpus; k++) {
		char *memory;

		if (round_keep(arm, pages))
			return -ENOMEM;
		memory = arm->kept[k].memory;
		link_round(arm, memory);
		arm->workers[k].objects[0] = place(arm, memory, 0);
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

/* Whole rounds, and of few loads many. */
static unsigned long exact_ops(const struct bench_arm *arm)
{
	unsigned long loads = loads_of(arm), rounds = BENCH_OPS_MAX / loads;

	return loads * (rounds < 4 ? 4 : rounds);
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
