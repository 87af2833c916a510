/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipi_one.c - interrupt CPU 1, which spins, and wait until it has answered: the floor under a
 * shootdown of one victim.
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

		host_ipi(1, 1);
		bench_end(worker, ROUND_TRIP, start, timed);
	}
}
BENCH_WORK(run)

const struct workload workload_ipi_one = {
	.name = "ipi-one",
	.about = "interrupt one running CPU and wait for its answer",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.min_cpus = 2,
	.needs_core = true,
	.needs = 1U << HOST_IPI_ONE,
	.metrics = metrics,
	.generate = lone_generate_plain,
	.work = work,
	.exact_ops = lone_exact_ops,
};
