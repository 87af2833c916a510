/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tlb_shootdown.c - the same nr_pages= frames mapped by one CPU after the other, touched by all,
 * and unmapped; after stress-ng's tlb-shootdown, whose processes take turns at changing the
 * protection of 512 pages that all of them use. Kernel addresses have no call that does (Linux's
 * set_memory_ro() changes its own direct map), so here a change is an unmap by the CPU that
 * mapped them and a map by the next: each takes the translations from all. CPUs touch lines of
 * their own in each page ("touch"): what they share is translations, not lines. One operation is
 * one change. size is in pages.
 */
#include "mapped.h"
#include "plain.h"

enum { SHARED_TOUCH = METRIC_FREE + 1 };

#define LINE 64

static const char *const metrics[] = {"alloc", "free", "touch", NULL};

static const struct workload_param params[] = {
	MAPPED_PAGES_PARAM(512),
	{0},
};

/* One set of frames for all. */
static int setup(struct bench_arm *arm)
{
	uintptr_t frames = arm->arm->subject->frames_get(bench_value(arm, MAPPED_PAGES));

	if (!frames)
		return -ENOMEM;
	arm->kept[arm->nr_kept++] = (struct bench_kept){.what = frames};
	return 0;
}

/* The mapper is the operation's slot; the first of all slices goes on where the last one ended. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.slot = worker->state[0]++ % worker->arm->cpus,
					   .size = bench_value(worker->arm, MAPPED_PAGES)};
	return n;
}

static void change(struct bench_worker *worker, const struct bench_op *op)
{
	struct bench_arm *arm = worker->arm;
	bool mine = op->slot == worker->slot;
	void *memory = NULL;

	if (mine) {
		memory = plain_alloc(worker, METRIC_ALLOC, arm->kept[0].what);
		plain_touch_first(worker, memory, op->size);
		arm->state[0] = (uintptr_t)memory;
	}
	plain_barrier(worker);
	if (arm->state[0])
		plain_touch(worker, SHARED_TOUCH, (char *)arm->state[0] + worker->slot * LINE,
			    op->size);
	plain_barrier(worker);
	if (mine)
		plain_free(worker, METRIC_FREE, memory, arm->kept[0].what);
}

static void work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	/* All take part in each; they are counted once. */
	if (worker->slot)
		worker->ops = 0;
	for (unsigned int i = 0; i < n; i++)
		change(worker, &ops[i]);
}

static unsigned long exact_ops(const struct bench_arm *arm)
{
	return mapped_exact_ops(arm) * arm->cpus;
}

const struct workload workload_tlb_shootdown = {
	.name = "tlb-shootdown",
	.about = "the same pages mapped by each CPU in turn, touched by all",
	.origin = "stress-ng --tlb-shootdown",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 2,
	.family = SUBJECT_VMAP,
	.metrics = metrics,
	.setup = setup,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = mapped_teardown,
};
