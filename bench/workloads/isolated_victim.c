/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * isolated_victim.c - all CPUs but the last map and free; the last allocates nothing and touches
 * working_set= pages of its own: what is left of a CPU that was set aside for one task? Flushes of
 * kernel addresses, most of vmalloc's, are "the biggest remaining cause" of interrupts on isolated
 * CPUs (V. Schneider, "context_tracking,x86: Defer some IPIs until a user->kernel transition",
 * LKML, v7 of 2025). Its longest disturbance is the maximum of "stall.busy" beside "stall.idle"
 * (victim.h); victim_interrupts is how many flushes reached it. One operation is one area mapped
 * and freed by one of the others. size is in pages.
 */
#include "plain.h"
#include "victim.h"

/* In arm->state[]: others that have not finished their slice. */
enum { WORKING = 2 };

static const struct workload_param params[] = {
	VICTIM_PARAMS,
	{0},
};

static const struct workload_count counts[] = {
	{"victim_interrupts", "interrupts", TRI_BETTER_LOWER},
	{0},
};

static int setup(struct bench_arm *arm)
{
	return victim_setup(arm, 1);
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	struct bench_arm *arm = worker->arm;

	if (worker->slot == 0) {
		victim_phase(arm, PHASE_IDLE);
		arm->state[WORKING] = arm->cpus - 1;
	}
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.kind = worker->slot == arm->cpus - 1,
					   .size = bench_value(arm, VICTIM_PAGES)};
	return n;
}

/* CPU 0 says when, and takes the time; who ends last says so. */
static void disturb(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	struct bench_arm *arm = worker->arm;
	uint64_t start;

	if (worker->slot == 0 && worker->timed == BENCH_TIMED)
		victim_stand_idle(worker);
	if (worker->slot == 0)
		victim_phase(arm, PHASE_BUSY);
	for (unsigned long spins = 0; !__atomic_load_n(&arm->state[0], __ATOMIC_ACQUIRE); spins++)
		host_relax(spins);
	start = plat_ticks();
	victim_disturb(worker, ops, n);
	if (worker->slot == 0)
		arm->state[1] = plat_ticks() - start;
	if (!__atomic_sub_fetch(&arm->state[WORKING], 1, __ATOMIC_ACQ_REL))
		victim_phase(arm, PHASE_DONE);
}

/* Each flush so far was another's, and interrupted every CPU that ran. */
static void count_interrupts(struct bench_worker *worker)
{
	unsigned long event[TRI_EVENT_COUNT];

	if (!worker->arm->core)
		return;
	worker->arm->calls->events_read(worker->arm->core, event);
	*worker->count = core_counted(event[TRI_EVENT_flush_range]) +
			 core_counted(event[TRI_EVENT_flush_full]);
}

/*
 * Where workers take turns the others are done; where CPUs do, by themselves, a pass is an
 * operation that the plugin counts the instructions of, interrupts included.
 */
static void count_passes(struct bench_worker *worker, void *memory)
{
	struct bench_arm *arm = worker->arm;

	do {
		plain_touch(worker, STALL_BUSY, memory, bench_value(arm, VICTIM_WORKING_SET));
	} while (__atomic_load_n(&arm->state[0], __ATOMIC_ACQUIRE) != PHASE_DONE);
	count_interrupts(worker);
}

static void work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	if (worker->slot < worker->arm->cpus - 1) {
		disturb(worker, ops, n);
		return;
	}
	worker->ops = 0;
	if (!worker->writes)
		return;
	if (worker->timed == BENCH_TIMED)
		victim_suffer(worker, worker->arm->kept[0].memory);
	else
		count_passes(worker, worker->arm->kept[0].memory);
}

static unsigned long exact_ops(const struct bench_arm *arm)
{
	/* By all but one of the CPUs: 34,000 pages, 2 purges at the default on 2. */
	return 34000 / (arm->cpus - 1) / (bench_value(arm, VICTIM_PAGES) + 1) + 1;
}

const struct workload workload_isolated_victim = {
	.name = "isolated-victim",
	.about = "all CPUs but one map and free: how is that one disturbed?",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 2,
	.metrics = victim_metrics,
	.counts = counts,
	.by_worker = true,
	.setup = setup,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
	.teardown = round_free_kept,
};
