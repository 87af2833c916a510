/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * access_after_flush.c - touch nr_pages= pages, stride= pages apart, twice after a flush of their
 * range: the first pass, "touch", pays for every translation anew, the second, "warm", for none
 * if the TLB can hold them. Their difference is the price of the refills; neighbours share page
 * tables and cache lines of them, distant pages don't. In user space a flush takes the pages away,
 * and a refill is a page fault. Passes are timed; one operation is a flush and both. size is in
 * pages.
 */
#include "lone.h"

enum { STRIDE = LONE_PAGES + 1 };
enum { METRIC_TOUCH, METRIC_WARM };

static const char *const metrics[] = {"touch", "warm", NULL};

static const struct workload_param params[] = {
	{"nr_pages", "pages", "pages each pass touches", 16, 1, 2048},
	{"stride", "pages", "distance from one to the next", 1, 1, 64},
	{0},
};

static unsigned long area_pages(const struct bench_arm *arm)
{
	return bench_value(arm, LONE_PAGES) * bench_value(arm, STRIDE);
}

static int setup(struct bench_arm *arm)
{
	return round_keep(arm, area_pages(arm));
}

BENCH_INLINE void pass(struct bench_worker *worker, char *byte, unsigned int metric,
		       const enum bench_timing timed)
{
	unsigned long pages = bench_value(worker->arm, LONE_PAGES);
	unsigned long step = bench_value(worker->arm, STRIDE) * TRI_PAGE_SIZE;
	uint64_t start = bench_begin(metric, timed);

	for (unsigned long i = 0; i < pages; i++, byte += step)
		__atomic_store_n(byte, 1, __ATOMIC_RELAXED);
	bench_end(worker, metric, start, timed);
}

/* What is measured is its consequence. */
static void flush(struct bench_worker *worker, uintptr_t from)
{
	uint64_t start = plat_ticks();

	plat_tlb_flush_range(from, from + area_pages(worker->arm) * TRI_PAGE_SIZE);
	worker->excluded += plat_ticks() - start;
	worker->first_touches += bench_value(worker->arm, LONE_PAGES);
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	void *memory = worker->arm->kept[0].memory;

	(void)ops;
	if (lone_stands_by(worker))
		return;
	for (unsigned int i = 0; i < n; i++) {
		flush(worker, (uintptr_t)memory);
		pass(worker, memory, METRIC_TOUCH, timed);
		pass(worker, memory, METRIC_WARM, timed);
	}
}
BENCH_WORK(run)

static unsigned long exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return 256;
}

const struct workload workload_access_after_flush = {
	.name = "access-after-flush",
	.about = "touch pages after a flush, and once more: the price of a refill (user space: of "
		 "a page fault)",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.needs_core = true,
	.metrics = metrics,
	.setup = setup,
	.generate = lone_area_generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = round_free_kept,
};
