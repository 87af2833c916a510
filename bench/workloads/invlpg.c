/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * invlpg.c - drop the translation of each of nr_pages= pages by an INVLPG of its own, then touch
 * them again: the straight way to flush a few pages. size is in pages.
 */
#include "drop.h"

static const struct workload_param params[] = {
	DROP_PAGES_PARAM,
	{0},
};

BENCH_INLINE void drop(const struct bench_worker *worker, void *memory)
{
	unsigned long pages = bench_value(worker->arm, DROP_PAGES);

	for (unsigned long i = 0; i < pages; i++)
		host_invlpg((uintptr_t)memory + i * TRI_PAGE_SIZE);
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	(void)ops;
	drop_run(worker, n, timed, drop);
}
BENCH_WORK(run)

const struct workload workload_invlpg = {
	.name = "invlpg",
	.about = "INVLPG of each of some pages, and touching them again",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.needs_core = true,
	.needs = 1U << HOST_INVLPG,
	.metrics = drop_metrics,
	.setup = drop_setup,
	.generate = drop_generate,
	.work = work,
	.exact_ops = drop_exact_ops,
	.teardown = round_free_kept,
};
