/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * copy.c - copy bytes= bytes by the target's memcpy(), as copy on write and a growing vrealloc do.
 * kvmalloc's memory, so contiguous frames where they can be had; each worker has two pieces.
 * size is in bytes.
 */
#include "lone.h"

enum { BYTES };
enum { METRIC_COPY };

static const char *const metrics[] = {"copy", NULL};

static const struct workload_param params[] = {
	{"bytes", "bytes", "copied at a time", TRI_PAGE_SIZE, 8, 64UL << 20},
	{0},
};

static int setup(struct bench_arm *arm)
{
	for (unsigned int i = 0; i < 2 * arm->cpus; i++) {
		void *memory = arm->api->alloc(bench_value(arm, BYTES));

		if (!memory)
			return -ENOMEM;
		memset(memory, 1, bench_value(arm, BYTES));
		arm->kept[arm->nr_kept++] = (struct bench_kept){memory, bench_value(arm, BYTES)};
	}
	return 0;
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return lone_generate(ops, n, bench_value(worker->arm, BYTES));
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	const struct bench_kept *kept = &worker->arm->kept[2 * worker->slot];

	for (unsigned int i = 0; i < n; i++) {
		uint64_t start = bench_begin(METRIC_COPY, timed);

		memcpy(kept[0].memory, kept[1].memory, ops[i].size);
		/* The next one is not the same again. */
		__asm__ volatile("" : : : "memory");
		bench_end(worker, METRIC_COPY, start, timed);
	}
}
BENCH_WORK(run)

static unsigned long exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return 64;
}

const struct workload workload_copy = {
	.name = "copy",
	.about = "copy memory: bandwidth",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_KVMALLOC,
	.needs_core = true,
	.metrics = metrics,
	.setup = setup,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = round_free_kept,
};
