/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vrealloc_test.c - 1 page grows to size pages, shrinks to 1, then to half a page, and grows back
 * to 1 in place; its first byte must stay. After the case of that name in Linux 7.0
 * lib/test_vmalloc.c, which times the chain alone: here each step has a row of its own. One
 * operation is one chain, allocation and free included.
 */
#include "bench.h"

enum { METRIC_GROW, METRIC_SHRINK, METRIC_SHRINK_IN_PAGE, METRIC_GROW_IN_PAGE };
static const char *const metrics[] = {"grow", "shrink", "shrink_in_page", "grow_in_page", NULL};
_Static_assert(METRIC_GROW_IN_PAGE < BENCH_METRICS_MAX, "each step is timed");

#define FIRST 'a'

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	(void)worker;
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = 4};
	return n;
}

/* What the buffer has after each step, in halves of a page, from 1 page on. */
static unsigned long halves(unsigned int step, const struct bench_op *op)
{
	switch (step) {
	case METRIC_GROW:
		return 2UL * op->size;
	case METRIC_SHRINK_IN_PAGE:
		return 1;
	default:
		return 2;
	}
}

static struct bench_kept first(struct bench_worker *worker)
{
	struct bench_kept buffer = {worker->alloc(TRI_PAGE_SIZE), TRI_PAGE_SIZE};

	if (buffer.memory && worker->writes) {
		worker->first_touches++;
		__atomic_store_n((char *)buffer.memory, FIRST, __ATOMIC_RELAXED);
	}
	return buffer;
}

static void look(struct bench_worker *worker, struct bench_kept *buffer, struct bench_kept now)
{
	if (!now.memory) {
		worker->failed++;
		return;
	}
	if (worker->writes && __atomic_load_n((char *)now.memory, __ATOMIC_RELAXED) != FIRST)
		worker->why = "a resized area lost its first byte";
	*buffer = now;
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	for (unsigned int i = 0; i < n; i++) {
		struct bench_kept buffer = first(worker);

		worker->failed += !buffer.memory;
		for (unsigned int step = 0; buffer.memory && step <= METRIC_GROW_IN_PAGE; step++) {
			struct bench_kept now = {.what = halves(step, &ops[i]) *
							 (TRI_PAGE_SIZE / 2)};
			uint64_t start = bench_begin(step, timed);

			now.memory =
				worker->arm->api->realloc(buffer.memory, buffer.what, now.what);
			bench_end(worker, step, start, timed);
			look(worker, &buffer, now);
		}
		worker->free(buffer.memory, buffer.what);
	}
}
BENCH_WORK(run)

const struct workload workload_vrealloc_test = {
	.name = "vrealloc_test",
	.about = "1 page grows to 4, shrinks to 1, to a half, grows back in place; each step timed",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.min_cpus = 1,
	.family = SUBJECT_VMALLOC,
	.needs_realloc = true,
	.metrics = metrics,
	.generate = generate,
	.work = work,
};
