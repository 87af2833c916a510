/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * zero.c - zero bytes= bytes by the target's memset(): what clearing memory before it is handed
 * out costs. size is in bytes.
 */
#include "bytes.h"

enum { METRIC_ZERO };

static const char *const metrics[] = {"zero", NULL};

static const struct workload_param params[] = {
	BYTES_PARAM("zeroed at a time"),
	{0},
};

static int setup(struct bench_arm *arm)
{
	return bytes_setup(arm, 1);
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	const struct bench_kept *kept = &worker->arm->kept[worker->slot];

	for (unsigned int i = 0; i < n; i++) {
		uint64_t start = bench_begin(METRIC_ZERO, timed);

		memset(kept->memory, 0, ops[i].size);
		/* The next one is not the same again. */
		__asm__ volatile("" : : : "memory");
		bench_end(worker, METRIC_ZERO, start, timed);
	}
}
BENCH_WORK(run)

const struct workload workload_zero = {
	.name = "zero",
	.about = "zero memory: bandwidth",
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
