/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvfree_rcu_1_arg_vmalloc_test.c - allocate 1 page by vmalloc, write one byte, have it freed after
 * a grace period by the call without a head; after the case of that name in Linux 6.12
 * lib/test_vmalloc.c. size is in pages.
 */
#include "round.h"

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	(void)worker;
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = 1};
	return n;
}

const struct workload workload_kvfree_rcu_1_arg_vmalloc_test = {
	.name = "kvfree_rcu_1_arg_vmalloc_test",
	.about = "allocate 1 page, write a byte, free after a grace period, without a head",
	.origin = "Linux lib/test_vmalloc.c",
	.version = WORKLOAD_VERSION,
	.min_cpus = 1,
	.family = SUBJECT_KVFREE_RCU_MIGHTSLEEP,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = round_work,
};
