/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipi_one.c - interrupt CPU 1, which spins, and wait until it has answered: the floor under a
 * shootdown of one victim.
 */
#include "lone.h"

enum { ROUND_TRIP };

static const char *const metrics[] = {"round_trip", NULL};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	(void)worker;
	return lone_generate(ops, n, 0);
}

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

static unsigned long exact_ops(const struct bench_arm *arm)
{
	(void)arm;
	return 1024;
}

const struct workload workload_ipi_one = {
	.name = "ipi-one",
	.about = "interrupt one running CPU and wait for its answer",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.min_cpus = 2,
	.needs_core = true,
	.needs = 1U << HOST_IPI_ONE,
	.metrics = metrics,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
};
