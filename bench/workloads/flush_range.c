/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flush_range.c - flush the range of a live area of nr_pages= pages, again and again: what one
 * flush costs by its length, with CPUs to interrupt (cpus=2 and more) and without (cpus=1). With
 * resident=1 the pages are touched before each flush, unmeasured, so that there is something to
 * drop: in user space the host interrupts nobody otherwise. size is in pages. As in the memory
 * core, a flush of more pages than flush_ceiling= drops everything instead: two arms with
 * unlike ceilings show from where on that is cheaper.
 */
#include "lone.h"

enum { RESIDENT = LONE_PAGES + 1 };
enum { METRIC_FLUSH };

static const char *const metrics[] = {"flush", NULL};

static const struct workload_param params[] = {
	{"nr_pages", "pages", "size of the live area", 16, 1, 512},
	{"resident", "", "1: touch the pages before each flush", 1, 0, 1},
	{0},
};

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	void *memory = worker->arm->kept[0].memory;
	unsigned long ceiling = worker->arm->tunable[TRI_TUNABLE_flush_ceiling];

	if (lone_stands_by(worker))
		return;
	for (unsigned int i = 0; i < n; i++) {
		uint64_t start;

		if (bench_value(worker->arm, RESIDENT))
			lone_touch(worker, memory, ops[i].size);
		start = bench_begin(METRIC_FLUSH, timed);
		if (ceiling && ops[i].size > ceiling)
			plat_tlb_flush_all((uintptr_t)memory);
		else
			plat_tlb_flush_range((uintptr_t)memory,
					     (uintptr_t)memory + ops[i].size * TRI_PAGE_SIZE);
		bench_end(worker, METRIC_FLUSH, start, timed);
	}
}
BENCH_WORK(run)

static unsigned long exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return 256;
}

const struct workload workload_flush_range = {
	.name = "flush-range",
	.about = "flush a range of a live area",
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
