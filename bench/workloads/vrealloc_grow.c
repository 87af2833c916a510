/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vrealloc_grow.c - a buffer grows from step= to max_pages= pages, step= at a time, what is new
 * being written to, then shrinks the same way, over and over: what a vector does that is filled
 * and emptied. Copying makes growth to n pages cost n^2 page copies. One operation is one resize;
 * size, in pages, is what the buffer has then.
 */
#include "bench.h"

enum { MAX_PAGES, STEP };

static const struct workload_param params[] = {
	{"max_pages", "pages", "size the buffer grows to", 64, 2, 4096},
	{"step", "pages", "pages more or less each time, at most max_pages / 2", 1, 1, 2048},
	{0},
};

enum { METRIC_GROW, METRIC_SHRINK };
static const char *const metrics[] = {"grow", "shrink", NULL};

/* Sizes there are, in steps: 1 to this. */
static unsigned long steps(const struct bench_arm *arm)
{
	return bench_value(arm, MAX_PAGES) / bench_value(arm, STEP);
}

static const char *obstacle(const struct case_config *config)
{
	if (2 * config->workload_param[STEP] > config->workload_param[MAX_PAGES])
		return "the buffer must grow once at least: max_pages= of twice step=";
	return NULL;
}

/* Each worker's buffer and its size are kept[slot]. */
static int setup(struct bench_arm *arm)
{
	uintptr_t bytes = bench_value(arm, STEP) * TRI_PAGE_SIZE;

	while (arm->nr_kept < arm->cpus) {
		void *memory = arm->api->alloc(bytes);

		if (!memory)
			return -ENOMEM;
		if (arm->arm->subject->has_memory)
			bench_touch(memory, bench_value(arm, STEP));
		arm->kept[arm->nr_kept++] = (struct bench_kept){memory, bytes};
	}
	return 0;
}

/* state[0]: resizes so far, of a period that goes up and comes down again. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	unsigned long way = steps(worker->arm) - 1, step = bench_value(worker->arm, STEP);

	for (unsigned int i = 0; i < n; i++) {
		unsigned long at = ++worker->state[0] % (2 * way);

		ops[i] = (struct bench_op){.size = step * (1 + (at <= way ? at : 2 * way - at))};
	}
	return n;
}

BENCH_INLINE void resize(struct bench_worker *worker, struct bench_kept *buffer, uintptr_t now,
			 const enum bench_timing timed)
{
	unsigned int metric = now > buffer->what ? METRIC_GROW : METRIC_SHRINK;
	uint64_t start = bench_begin(metric, timed);
	void *memory = worker->arm->api->realloc(buffer->memory, buffer->what, now);

	bench_end(worker, metric, start, timed);
	if (!memory) {
		worker->failed++;
		return;
	}
	if (metric == METRIC_GROW && worker->writes)
		bench_touch_first(worker, (char *)memory + buffer->what,
				  (now - buffer->what) / TRI_PAGE_SIZE);
	*buffer = (struct bench_kept){memory, now};
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	struct bench_kept *buffer = &worker->arm->kept[worker->slot];

	for (unsigned int i = 0; i < n; i++)
		resize(worker, buffer, ops[i].size * TRI_PAGE_SIZE, timed);
}
BENCH_WORK(run)

static unsigned long exact_ops(const struct bench_arm *arm)
{
	/* Some 34,000 pages freed where each growth copies, in whole periods. */
	unsigned long period = 2 * (steps(arm) - 1);
	unsigned long freed = steps(arm) * bench_value(arm, MAX_PAGES) / 2;
	unsigned long periods = 34000 / arm->cpus / freed;

	return (periods ? periods : 1) * period;
}

static void teardown(struct bench_arm *arm)
{
	bench_free_kept(arm, 0);
}

const struct workload workload_vrealloc_grow = {
	.name = "vrealloc-grow",
	.about = "a buffer grows page by page, being written, and shrinks again",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_VMALLOC,
	.needs_realloc = true,
	.obstacle = obstacle,
	.metrics = metrics,
	.setup = setup,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = teardown,
};
