/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * full_fit_alloc_test.c - the window holds one-page areas with one-page holes between them,
 * fls(cpus) x 32 MiB of each; allocate 1 page, write a byte, free: every request meets a
 * hole that fits exactly. After the case of that name in Linux lib/test_vmalloc.c.
 */
#include "round.h"

static const struct workload_param params[] = {
	{"holes", "areas", "areas kept, and holes between them; 0: fls(cpus) x 32 MiB / 4 KiB", 0,
	 0, BENCH_OBJECTS / 2 - 1},
	{0},
};

static unsigned long holes(const struct bench_arm *arm)
{
	unsigned long set = bench_value(arm, 0);
	unsigned long many = (32 - __builtin_clz(arm->cpus)) * (32UL << 20 >> TRI_PAGE_SHIFT);

	if (set)
		return set;
	return many < BENCH_OBJECTS / 2 ? many : BENCH_OBJECTS / 2 - 1;
}

/* Allocate twice as many, then free every other one. */
static int setup(struct bench_arm *arm)
{
	unsigned long all = 2 * holes(arm), kept = 0;
	int error = 0;

	for (unsigned long i = 0; i < all && !error; i++)
		error = round_keep(arm, 1);
	all = arm->nr_kept;
	for (unsigned long i = 0; i < all; i++) {
		if (i % 2)
			arm->kept[kept++] = arm->kept[i];
		else
			arm->api->free(arm->kept[i].memory, arm->kept[i].what);
	}
	arm->nr_kept = kept;
	return error;
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	(void)worker;
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = 1};
	return n;
}

static unsigned long exact_ops(const struct bench_arm *arm)
{
	return 17000 / arm->cpus;
}

const struct workload workload_full_fit_alloc_test = {
	.name = "full_fit_alloc_test",
	.about = "allocate and free 1 page among thousands of holes that fit exactly",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.metrics = bench_metrics_alloc_free,
	.setup = setup,
	.generate = generate,
	.work = round_work,
	.teardown = round_free_kept,
	.exact_ops = exact_ops,
};
