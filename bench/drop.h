/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * drop.h - workloads in which a CPU drops translations of its own, then touches nr_pages= pages
 * again: what the drop costs, and what it costs those who need the translations. Every worker
 * has pages of its own; nobody is interrupted. One operation is a drop and a pass.
 */
#ifndef BENCH_DROP_H
#define BENCH_DROP_H

#include "lone.h"

/* The place of nr_pages= among the parameters of workloads that do this. */
enum { DROP_PAGES };
#define DROP_PAGES_PARAM                                                                \
	{                                                                               \
		"nr_pages", "pages", "pages touched again after each drop", 16, 1, 1024 \
	}

enum { METRIC_DROP, METRIC_TOUCH };
/* {"drop", "touch", NULL} */
extern const char *const drop_metrics[];

/* setup(): nr_pages= pages for each worker. teardown() is round_free_kept(). */
int drop_setup(struct bench_arm *arm);
unsigned int drop_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n);
unsigned long drop_exact_ops(const struct bench_arm *arm);

/* Of the worker's pages, from @memory on. */
BENCH_INLINE void drop_run(struct bench_worker *worker, unsigned int n,
			   const enum bench_timing timed,
			   void (*drop)(const struct bench_worker *worker, void *memory))
{
	void *memory = worker->arm->kept[worker->slot].memory;
	unsigned long pages = bench_value(worker->arm, DROP_PAGES);

	for (unsigned int i = 0; i < n; i++) {
		uint64_t start = bench_begin(METRIC_DROP, timed);

		drop(worker, memory);
		bench_end(worker, METRIC_DROP, start, timed);
		start = bench_begin(METRIC_TOUCH, timed);
		bench_touch(memory, pages);
		bench_end(worker, METRIC_TOUCH, start, timed);
	}
}

#endif /* BENCH_DROP_H */
