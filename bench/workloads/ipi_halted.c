/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipi_halted.c - interrupt CPU 1, which is halted, and wait until it has answered: what waking up
 * adds to ipi-one. After each answer CPU 0 waits, unmeasured, for it to halt again.
 */
#include "lone.h"

/* Turns of a wait loop. More: slices hold fewer interrupts; less: the victim is still awake. */
#define REST_SPINS 200

enum { ROUND_TRIP };
/* What CPU 1 waits for, in the first word of its objects. */
enum { MORE_TO_COME, THAT_WAS_ALL };

static const char *const metrics[] = {"round_trip", NULL};

static void rest(struct bench_worker *worker)
{
	uint64_t start = plat_ticks();

	for (unsigned long spins = 0; spins < REST_SPINS; spins++)
		host_relax(spins);
	worker->excluded += plat_ticks() - start;
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	unsigned int *word = (unsigned int *)worker->arm->workers[1].objects;

	(void)ops;
	if (worker->slot == 1) {
		host_halt_while(word, MORE_TO_COME);
		__atomic_store_n(word, MORE_TO_COME, __ATOMIC_RELAXED);
	}
	if (lone_stands_by(worker))
		return;
	for (unsigned int i = 0; i < n; i++) {
		uint64_t start;

		rest(worker);
		start = bench_begin(ROUND_TRIP, timed);
		host_ipi(1, 1);
		bench_end(worker, ROUND_TRIP, start, timed);
	}
	__atomic_store_n(word, THAT_WAS_ALL, __ATOMIC_RELEASE);
	host_ipi(1, 1);
}
BENCH_WORK(run)

const struct workload workload_ipi_halted = {
	.name = "ipi-halted",
	.about = "interrupt a halted CPU and wait for its answer",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.min_cpus = 2,
	.needs_core = true,
	.needs = 1U << HOST_IPI_ONE | 1U << HOST_HALT,
	.metrics = metrics,
	.generate = lone_generate_plain,
	.work = work,
	.exact_ops = lone_exact_ops,
};
