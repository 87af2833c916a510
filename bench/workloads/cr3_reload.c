/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cr3_reload.c - write CR3 with its own value, as a change of address spaces does, then touch
 * nr_pages= pages again. Those are of the kernel and global: they survive it, and what the touch
 * costs beyond pge-toggle's is not lost. keep=1 sets CR3's bit 63: with PCID nothing is dropped
 * (Intel SDM volume 3, 4.10.4.1). size is in pages.
 */
#include "drop.h"

enum { PAGES = DROP_PAGES, KEEP };

static const struct workload_param params[] = {
	DROP_PAGES_PARAM,
	{"keep", "", "1: with PCID, and what is cached stays", 0, 0, 1},
	{0},
};

BENCH_INLINE void drop(const struct bench_worker *worker, void *memory)
{
	(void)memory;
	host_root_reload(bench_value(worker->arm, KEEP));
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	(void)ops;
	drop_run(worker, n, timed, drop);
}
BENCH_WORK(run)

static const char *obstacle(const struct case_config *config)
{
	return config->workload_param[KEEP] ? host_lacks(HOST_PCID) : NULL;
}

const struct workload workload_cr3_reload = {
	.name = "cr3-reload",
	.about = "a move to CR3, with and without PCID, and touching pages again",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.needs_core = true,
	.needs = 1U << HOST_ROOT,
	.obstacle = obstacle,
	.metrics = drop_metrics,
	.setup = drop_setup,
	.generate = drop_generate,
	.work = work,
	.exact_ops = drop_exact_ops,
	.teardown = round_free_kept,
};
