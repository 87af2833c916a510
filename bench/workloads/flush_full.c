/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flush_full.c - flush the whole window while nr_pages= pages of it are in use, touched before
 * each flush, unmeasured: where this is cheaper than flush-range is where a range should give way
 * to a full flush (Linux: beyond 33 pages). size is in pages.
 */
#include "lone.h"

enum { METRIC_FLUSH };

static const char *const metrics[] = {"flush", NULL};

static const struct workload_param params[] = {
	{"nr_pages", "pages", "size of the live area", 16, 1, 512},
	{0},
};

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	void *memory = worker->arm->kept[0].memory;

	if (lone_stands_by(worker))
		return;
	for (unsigned int i = 0; i < n; i++) {
		uint64_t start;

		lone_touch(worker, memory, ops[i].size);
		start = bench_begin(METRIC_FLUSH, timed);
		plat_tlb_flush_all((uintptr_t)memory);
		bench_end(worker, METRIC_FLUSH, start, timed);
	}
}
BENCH_WORK(run)

static unsigned long exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return 32;
}

const struct workload workload_flush_full = {
	.name = "flush-full",
	.about = "flush the whole window while some pages of it are in use",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.needs_core = true,
	.metrics = metrics,
	.setup = lone_area_setup,
	.generate = lone_area_generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = round_free_kept,
};
