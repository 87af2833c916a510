/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pge_toggle.c - drop every translation of the CPU, global ones too, by turning CR4.PGE off and
 * on (Intel SDM volume 3, 4.10.4.1), then touch nr_pages= pages again. size is in pages.
 */
#include "drop.h"

static const struct workload_param params[] = {
	DROP_PAGES_PARAM,
	{0},
};

BENCH_INLINE void drop(const struct bench_worker *worker, void *memory)
{
	(void)worker;
	(void)memory;
	host_flush_here();
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	(void)ops;
	drop_run(worker, n, timed, drop);
}
BENCH_WORK(run)

const struct workload workload_pge_toggle = {
	.name = "pge-toggle",
	.about =
		"CR4.PGE off and on, which drops global translations too, and touching pages again",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.needs_core = true,
	.needs = 1U << HOST_FLUSH_HERE,
	.metrics = drop_metrics,
	.setup = drop_setup,
	.generate = drop_generate,
	.work = work,
	.exact_ops = drop_exact_ops,
	.teardown = round_free_kept,
};
