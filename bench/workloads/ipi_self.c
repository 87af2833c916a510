/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipi_self.c - interrupt the own CPU and wait until it has answered: what entering and leaving an
 * interrupt costs, without the way to another CPU.
 */
#include "lone.h"

enum { ROUND_TRIP };

static const char *const metrics[] = {"round_trip", NULL};

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	(void)ops;
	for (unsigned int i = 0; i < n; i++) {
		uint64_t start = bench_begin(ROUND_TRIP, timed);

		host_ipi_self();
		bench_end(worker, ROUND_TRIP, start, timed);
	}
}
BENCH_WORK(run)

const struct workload workload_ipi_self = {
	.name = "ipi-self",
	.about = "a CPU interrupts itself and waits",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.min_cpus = 1,
	.needs_core = true,
	.needs = 1U << HOST_IPI_SELF,
	.metrics = metrics,
	.generate = lone_generate_plain,
	.work = work,
	.exact_ops = lone_exact_ops,
};
