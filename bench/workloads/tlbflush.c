/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tlbflush.c - what an unmap costs its caller, and what it costs the others afterwards; after
 * Mel Gorman's program of that name, as lkp-tests run it (entries 512). CPU 0 maps entries= pages,
 * all touch them, it unmaps them ("free"); then each other CPU passes twice over working_set= pages
 * of its own: "access" pays for what the flush made it forget, "warm" for nothing. There the others
 * run at the same time and their mean slows down; here they wait for the unmap, so that what they
 * lose is not mixed with the interrupt, which is in "free". One operation is one unmap. size is in
 * pages.
 */
#include "lone.h"
#include "plain.h"

enum { ENTRIES, WORKING_SET };
enum { REMOTE_ACCESS = METRIC_ALLOC, REMOTE_WARM = METRIC_FREE + 1 };

static const char *const metrics[] = {"access", "free", "warm", NULL};

static const struct workload_param params[] = {
	{"entries", "pages", "pages unmapped at once", 512, 1, 512},
	{"working_set", "pages", "pages each other CPU touches afterwards", 64, 1, 1024},
	{0},
};

/* kept[k - 1] is CPU k's. */
static int setup(struct bench_arm *arm)
{
	int error = 0;

	for (unsigned int k = 1; k < arm->cpus && !error; k++)
		error = round_keep(arm, bench_value(arm, WORKING_SET));
	return error;
}

static void unmap(struct bench_worker *worker, unsigned long pages)
{
	uintptr_t bytes = pages * TRI_PAGE_SIZE;
	void *memory = worker->alloc(bytes);

	worker->objects[0] = memory;
	worker->failed += !memory;
	plain_touch_first(worker, memory, pages);
	plain_barrier(worker);
	plain_barrier(worker);
	plain_free(worker, METRIC_FREE, memory, bytes);
	plain_barrier(worker);
}

static void stand_by(struct bench_worker *worker, unsigned long pages)
{
	unsigned long own = bench_value(worker->arm, WORKING_SET);
	void *mine = worker->arm->kept[worker->slot - 1].memory, *theirs;

	plain_barrier(worker);
	theirs = worker->arm->workers[0].objects[0];
	if (theirs && worker->writes) {
		bench_touch(theirs, pages);
		bench_touch(mine, own);
	}
	plain_barrier(worker);
	plain_barrier(worker);
	plain_touch(worker, REMOTE_ACCESS, mine, own);
	plain_touch(worker, REMOTE_WARM, mine, own);
}

static void work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	bool others = lone_stands_by(worker);

	for (unsigned int i = 0; i < n; i++) {
		if (others)
			stand_by(worker, ops[i].size);
		else
			unmap(worker, ops[i].size);
	}
}

static unsigned long exact_ops(const struct bench_arm *arm)
{
	/* Operations are CPU 0's alone: 34,000 pages, 2 purges at the default on 2 CPUs. */
	return 34000 / (bench_value(arm, ENTRIES) + 1) + 1;
}

const struct workload workload_tlbflush = {
	.name = "tlbflush",
	.about = "unmap what all have touched: its cost, and the others' afterwards",
	.origin = "Mel Gorman's tlbflush",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 2,
	.metrics = metrics,
	.by_worker = true,
	.setup = setup,
	.generate = lone_area_generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = round_free_kept,
};
