/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * copy.c - copy bytes= bytes by the target's memcpy(), as copy on write and a growing vrealloc do.
 * Each worker has two pieces. size is in bytes.
 */
#include "bytes.h"

enum { METRIC_COPY };

static const char *const metrics[] = {"copy", NULL};

static const struct workload_param params[] = {
	BYTES_PARAM("copied at a time"),
	{0},
};

static int setup(struct bench_arm *arm)
{
	return bytes_setup(arm, 2);
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
	.generate = bytes_generate,
	.work = work,
	.exact_ops = bytes_exact_ops,
	.teardown = round_free_kept,
};
