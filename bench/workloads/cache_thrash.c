/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cache_thrash.c - active false sharing: are objects that CPUs allocate at the same time parts of
 * one cache line? Each writes to its own, very often. The rest is scribble.h's.
 */
#include "scribble.h"

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return scribble_generate(worker, ops, n, false);
}

const struct workload workload_cache_thrash = {
	.name = "cache-thrash",
	.about = "small objects of each CPU, written to very often",
	.origin = "mimalloc-bench, cache-thrash",
	.version = WORKLOAD_VERSION,
	.params = scribble_params,
	.min_cpus = 1,
	.family = SUBJECT_KMALLOC,
	.metrics = scribble_metrics,
	.generate = generate,
	.work = drive_work,
	.exact_ops = scribble_exact_ops,
	.teardown = drive_teardown,
};
