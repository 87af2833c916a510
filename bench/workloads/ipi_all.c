/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipi_all.c - interrupt all other CPUs, which spin, at once and wait until all have answered: the
 * floor under a shootdown, by cpus=. In user space the host is asked to (membarrier), so that the
 * price of a system call is in it.
 */
#include "lone.h"

enum { ROUND_TRIP };

static const char *const metrics[] = {"round_trip", NULL};

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	(void)ops;
	if (lone_stands_by(worker))
		return;
	for (unsigned int i = 0; i < n; i++) {
		uint64_t start = bench_begin(ROUND_TRIP, timed);

		host_ipi(1, worker->arm->cpus - 1);
		bench_end(worker, ROUND_TRIP, start, timed);
	}
}
BENCH_WORK(run)

const struct workload workload_ipi_all = {
	.name = "ipi-all",
	.about = "interrupt all other running CPUs at once and wait for their answers",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.min_cpus = 2,
	.needs_core = true,
	.needs = 1U << HOST_IPI,
	.metrics = metrics,
	.generate = lone_generate_plain,
	.work = work,
	.exact_ops = lone_exact_ops,
};
