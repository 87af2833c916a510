/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exact.c - event counts that do not depend on time: a fresh core, a fixed number of
 * operations, workers taking turns; three times, so that what differs is known. Where a plugin
 * watches, each time is a row of its counts (mark.h).
 */
#include "case.h"

/* What the objects of hold() keep, in all that the subject has. */
static void hold(struct arm_state *arm, unsigned int repeat)
{
	unsigned long before = arm->bench.nr_kept;

	arm->hold = (struct bench_hold){0};
	plat_set_core(arm->bench.core);
	arm->bench.workload->hold(&arm->bench, &arm->hold);
	arm->held[repeat] =
		arm->held_before < 0 ? -1 : arm->bench.arm->subject->held() - arm->held_before;
	arm->hold_runs++;
	bench_free_kept(&arm->bench, before);
}

/* What the workload counted, of all workers. */
static void add_up(struct arm_state *arm, unsigned int repeat)
{
	for (unsigned int i = 0; i < arm->bench.cpus; i++) {
		struct bench_worker *worker = &arm->bench.workers[i];

		if (arm->bench.workload->may_fail)
			worker->count[0] += worker->failed;
		for (unsigned int k = 0; k < WORKLOAD_COUNTS_MAX; k++)
			arm->counted[repeat][k] += worker->count[k];
	}
}

static unsigned long slice_ops_max(const struct host_info *host)
{
	return host->modelled && host->modelled_ops ? host->modelled_ops : BENCH_OPS_MAX;
}

/* Operations done, by all workers; 0 if the user asked to stop meanwhile. */
static uint64_t run_slices(struct bench_case *bench, struct arm_state *arm,
			   unsigned long per_worker)
{
	struct bench_worker *workers = arm->bench.workers;
	unsigned long done = 0; /* by slot 0, which never only stands by */
	unsigned long most = slice_ops_max(&bench->host);
	uint64_t all = 0;

	while (done < per_worker && !host_stopping()) {
		unsigned long left = per_worker - done;

		slice_run(bench, arm, left < most ? left : most, true);
		done += workers[0].ops;
		for (unsigned int i = 0; i < bench->cpus; i++)
			all += workers[i].ops;
	}
	return done < per_worker ? 0 : all;
}

/* False if the user asked to stop meanwhile: the repeat is no part of the results. */
static bool run_once(struct bench_case *bench, struct arm_state *arm, unsigned long per_worker,
		     unsigned int repeat)
{
	struct bench_worker *workers = arm->bench.workers;
	uint64_t all;

	if (bench->host.modelled)
		PLAT_MARK(MARK_BEGIN);
	if (arm->bench.core)
		arm->bench.calls->events_reset(arm->bench.core);
	for (unsigned int i = 0; i < bench->cpus; i++) {
		memset(workers[i].count, 0, WORKLOAD_COUNTS_MAX * sizeof(uint64_t));
		workers[i].failed = 0;
	}
	arm->bench.points = 0;
	all = run_slices(bench, arm, per_worker);
	if (bench->host.modelled)
		PLAT_MARK(MARK_END);
	if (!all)
		return false;
	if (arm->bench.core)
		arm->bench.calls->events_read(arm->bench.core, arm->exact[repeat]);
	add_up(arm, repeat);
	/* What a failure leaves undone is not counted: the counts would be of other work. */
	arm_judge(bench, arm);
	arm->exact_ops = all;
	arm->exact_runs++;
	bench->nr_rows++;
	return true;
}

static unsigned long ops_per_worker(const struct bench_case *bench, const struct arm_state *arm)
{
	unsigned long wanted = bench->config->param[BENCH_PARAM_exact_ops];

	if (wanted)
		return wanted;
	if (bench->config->workload->exact_ops)
		return bench->config->workload->exact_ops(&arm->bench);
	return 4096;
}

/*
 * Under QEMU to fill memory takes seconds: once, and not where only the process's memory could be
 * asked, which is never the same.
 */
static bool holds(const struct bench_case *bench, const struct arm_state *arm, unsigned int repeat)
{
	const struct subject *subject = arm->bench.arm->subject;

	if (bench->config->exact_only && (repeat || !subject->core))
		return false;
	return subject->held && arm->bench.workload->hold;
}

/*
 * What is no core can't be made anew: what it keeps is asked while it is young. Where CPUs
 * interleave by themselves they do so otherwise in each repeat, and alike in each run: one
 * repeat is as good as any.
 */
static unsigned int repeats(const struct bench_case *bench, const struct arm_state *arm)
{
	if (!arm->bench.arm->subject->core && !bench->config->exact_only)
		return holds(bench, arm, 0);
	return bench->host.in_step && bench->cpus > 1 ? 1 : CASE_EXACT_REPEATS;
}

/*
 * A core is made anew for each repeat; what is none keeps what its first use made (page tables,
 * slabs), and its first repeat took more than those after. So it is used once before.
 */
static int use_once(struct bench_case *bench, struct arm_state *arm)
{
	int error = arm_open(bench, arm);

	if (!error)
		run_slices(bench, arm, ops_per_worker(bench, arm));
	arm_close(bench, arm);
	return error;
}

static int exact_arm(struct bench_case *bench, struct arm_state *arm)
{
	unsigned int n = repeats(bench, arm);

	if (bench->host.modelled && !arm->bench.arm->subject->core && use_once(bench, arm))
		return -EINVAL;
	arm->first_row = bench->nr_rows;
	for (unsigned int repeat = 0; repeat < n && !host_stopping(); repeat++) {
		int error = arm_open(bench, arm);
		bool whole = !error && run_once(bench, arm, ops_per_worker(bench, arm), repeat);

		if (whole && !bench->why && holds(bench, arm, repeat))
			hold(arm, repeat);
		arm_close(bench, arm);
		if (error || bench->why)
			return -EINVAL;
	}
	return 0;
}

int exact_phase(struct bench_case *bench)
{
	if (bench->host.modelled)
		PLAT_MARK(MARK_COMING);
	records_progress(bench, 0, bench->nr_arms, "exact phase");
	for (unsigned int i = 0; i < bench->nr_arms; i++) {
		int error = exact_arm(bench, &bench->arms[i]);

		if (error || host_stopping())
			return error;
		records_progress(bench, i + 1, bench->nr_arms, "exact phase");
	}
	bench->exact_done = true;
	return 0;
}
