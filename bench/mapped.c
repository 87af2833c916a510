/* SPDX-License-Identifier: GPL-2.0-only */
/* mapped.c - what workloads that map frames share; see mapped.h. */
#include "mapped.h"

/* Frames of one's own: workers that write to the same would share its line of cache. */
int mapped_setup(struct bench_arm *arm)
{
	while (arm->nr_kept < arm->cpus) {
		uintptr_t frames = arm->arm->subject->frames_get(bench_value(arm, MAPPED_PAGES));

		if (!frames)
			return -ENOMEM;
		arm->kept[arm->nr_kept++] = (struct bench_kept){.what = frames};
	}
	return 0;
}

unsigned int mapped_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = bench_value(worker->arm, MAPPED_PAGES)};
	return n;
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	uintptr_t frames = worker->arm->kept[worker->slot].what;

	(void)ops;
	for (unsigned int i = 0; i < n; i++) {
		void *memory = bench_alloc(worker, METRIC_ALLOC, frames, timed);

		if (!memory) {
			worker->failed++;
			continue;
		}
		if (worker->writes)
			bench_touch_first(worker, memory, 1);
		bench_free(worker, METRIC_FREE, memory, frames, timed);
	}
}
BENCH_WORK(run)

void mapped_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	work(worker, ops, n);
}

unsigned long mapped_exact_ops(const struct bench_arm *arm)
{
	unsigned long maps = 34000 / arm->cpus / (bench_value(arm, MAPPED_PAGES) + 1);

	return maps ? maps : 1;
}

void mapped_teardown(struct bench_arm *arm)
{
	while (arm->nr_kept)
		arm->arm->subject->frames_put(arm->kept[--arm->nr_kept].what);
}
