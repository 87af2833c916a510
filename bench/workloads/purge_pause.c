/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * purge_pause.c - CPU 0 maps and frees while the others only touch memory of their own: how
 * long is each victim held up? See victim.h. One operation is one area mapped and freed by CPU 0.
 */
#include "victim.h"

static const struct workload_param params[] = {
	VICTIM_PARAMS,
	{0},
};

static int setup(struct bench_arm *arm)
{
	return victim_setup(arm, arm->cpus - 1);
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	if (worker->slot == 0)
		__atomic_store_n(&worker->arm->state[0], PHASE_IDLE, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.kind = worker->slot > 0,
					   .size = bench_value(worker->arm, VICTIM_PAGES)};
	return n;
}

static void disturb(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	uint64_t start;

	if (worker->timed == BENCH_TIMED)
		victim_stand_idle(worker);
	victim_phase(worker->arm, PHASE_BUSY);
	start = plat_ticks();
	victim_disturb(worker, ops, n);
	worker->arm->state[1] = plat_ticks() - start;
	victim_phase(worker->arm, PHASE_DONE);
}

static void work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	unsigned long pages = bench_value(worker->arm, VICTIM_WORKING_SET);
	void *memory;

	if (worker->slot == 0) {
		disturb(worker, ops, n);
		return;
	}
	worker->ops = 0;
	memory = worker->arm->kept[worker->slot - 1].memory;
	if (!worker->writes)
		return;
	/* In the exact phase, or untimed, a victim makes one pass an operation. */
	if (worker->timed == BENCH_TIMED)
		victim_suffer(worker, memory);
	for (unsigned int i = 0; worker->timed != BENCH_TIMED && i < n; i++)
		bench_touch(memory, pages);
}

static unsigned long exact_ops(const struct bench_arm *arm)
{
	/* Operations are CPU 0's alone: 34,000 pages, 2 purges at the default on 2 CPUs. */
	return 34000 / (bench_value(arm, VICTIM_PAGES) + 1) + 1;
}

const struct workload workload_purge_pause = {
	.name = "purge-pause",
	.about = "one CPU maps and frees, the others are timed: whom does flushing hold up, how "
		 "long?",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 2,
	.metrics = victim_metrics,
	.by_worker = true,
	.setup = setup,
	.generate = generate,
	.work = work,
	.teardown = round_free_kept,
	.exact_ops = exact_ops,
};
