/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slice.c - the timed unit: one arm, all workers at once, 0.1 to 1 ms.
 *
 * Followers wait at the meeting point, spinning, while slot 0 decides what comes next.
 */
#include "case.h"
#include "extras.h"
#include "look.h"

/* Slow the slice down by a known share, to see whether the verdict notices. */
static void inject(struct bench_worker *worker, unsigned long per_cent)
{
	uint64_t taken = plat_ticks() - worker->start - worker->excluded;
	uint64_t until = plat_ticks() + taken * per_cent / 100;

	while (plat_ticks() < until)
		;
}

static enum bench_timing timing(const struct bench_case *bench, const struct arm_state *arm)
{
	if (bench->job_exact)
		return bench->host.modelled ? BENCH_MARKED : BENCH_UNTIMED;
	return arm->bench.arm->timed ? BENCH_TIMED : BENCH_UNTIMED;
}

/*
 * Where turns end follows from all that was executed before: from here on it does not, or counts
 * would depend on an arm's place among the others. Slot 0 comes last to the second meeting, goes
 * on at once, and the others follow in order, each in a turn of its own.
 */
static void begin_alike(struct bench_case *bench, unsigned int slot)
{
	if (!bench->host.in_step && !bench->host.modelled_ops)
		return;
	if (!slot)
		host_turn_begin();
	team_meet(&bench->team);
}

static void slice_share(struct bench_case *bench, unsigned int slot)
{
	struct arm_state *arm = bench->job;
	const struct workload *workload = bench->config->workload;
	struct bench_worker *worker = &arm->bench.workers[slot];
	bool exact = bench->job_exact;
	unsigned int n;

	plat_set_core(arm->bench.core);
	n = workload->generate(worker, bench->ops[slot], bench->job_ops);
	worker->ops = n;
	worker->excluded = 0;
	worker->timed = timing(bench, arm);
	worker->exact = exact;
	team_meet(&bench->team);
	if (exact)
		begin_alike(bench, slot);
	team_take_turn(&bench->team, slot);
	if (!exact)
		extras_begin(bench);
	worker->start = plat_ticks();
	if (worker->timed == BENCH_MARKED)
		PLAT_MARK(MARK_OPEN);
	workload->work(worker, bench->ops[slot], n);
	if (worker->timed == BENCH_MARKED)
		PLAT_MARK(MARK_CLOSE);
	if (arm->bench.arm->inject && !exact)
		inject(worker, arm->bench.arm->inject);
	worker->end = plat_ticks();
	if (!exact)
		extras_end(bench, arm, slot);
	team_pass_turn(&bench->team, slot);
}

uint64_t slice_run(struct bench_case *bench, struct arm_state *arm, unsigned int ops, bool exact)
{
	struct bench_worker *workers = arm->bench.workers;
	uint64_t start, end, excluded = 0;

	bench->job = arm;
	bench->job_ops = ops;
	bench->job_exact = exact;
	bench->team.turns = exact && !bench->host.in_step;
	team_meet(&bench->team);
	slice_share(bench, 0);
	team_meet(&bench->team);
	look_if_asked(bench);

	start = workers[0].start;
	end = workers[0].end;
	for (unsigned int i = 0; i < bench->cpus; i++) {
		if (workers[i].start < start)
			start = workers[i].start;
		if (workers[i].end > end)
			end = workers[i].end;
		if (workers[i].excluded > excluded)
			excluded = workers[i].excluded;
	}
	return end - start - excluded;
}

void slice_follow(struct bench_case *bench, unsigned int slot)
{
	for (;;) {
		team_meet(&bench->team);
		if (bench->job_stop)
			return;
		slice_share(bench, slot);
		team_meet(&bench->team);
	}
}

void slice_stop(struct bench_case *bench)
{
	bench->job_stop = true;
	team_meet(&bench->team);
}
