/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cache_scratch.c - passive false sharing: objects of one cache line are handed to all CPUs, which
 * free them; does each get a part of that line back, and write to it? The rest is scribble.h's.
 */
#include "scribble.h"

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	return scribble_generate(worker, ops, n, true);
}

const struct workload workload_cache_scratch = {
	.name = "cache-scratch",
	.about = "objects that one CPU allocated, then small ones written to very often",
	.origin = "mimalloc-bench, cache-scratch",
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
