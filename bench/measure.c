/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * measure.c - the timed phase: calibrate, warm up, then blocks of alternating slices.
 *
 * Every arm gets the same number of operations in every block. Host counters are read
 * when the arm changes, between slices, so each arm's share is its own.
 */
#include "case.h"
#include "extras.h"
#include "traced.h"

const uint32_t case_quantile[CASE_QUANTILES] = {50000, 90000, 99000, 99900, 99990, 100000};
const char *const case_quantile_name[CASE_QUANTILES] = {"p50",	"p90",	 "p99",
							"p999", "p9999", "max"};

static uint64_t us_to_ticks(const struct bench_case *bench, uint64_t us)
{
	return us * (bench->host.tick_hz / 1000000);
}

static void drop_slice_histograms(struct bench_case *bench, struct arm_state *arm)
{
	for (unsigned int i = 0; i < bench->cpus; i++)
		for (unsigned int m = 0; m < arm->nr_metrics; m++)
			histogram_reset(arm->bench.workers[i].slice[m]);
}

/*
 * How long a slice of the slowest arm takes, by each arm's least of three: what else the machine
 * did must not look like the arm's own time. Where three are not enough for at most @want, workers
 * may have waited for each other's CPU, a time slice of the host's each: of more, for 50 ms at
 * most. As many of each arm: their streams stay abreast.
 */
static uint64_t try_slices(struct bench_case *bench, unsigned int ops, uint64_t want)
{
	uint64_t least[BENCH_ARMS_MAX], slowest, limit = us_to_ticks(bench, 50000);
	uint64_t start = plat_ticks();
	unsigned int tries = 0;

	do {
		slowest = 1;
		for (unsigned int i = 0; i < bench->nr_arms; i++) {
			uint64_t ticks = slice_run(bench, &bench->arms[i], ops, false);

			if (!tries || ticks < least[i])
				least[i] = ticks;
			if (least[i] > slowest)
				slowest = least[i];
			drop_slice_histograms(bench, &bench->arms[i]);
		}
	} while (++tries < 3 || (slowest > want && plat_ticks() - start < limit));
	return slowest;
}

/* So many operations that a slice of the slowest arm takes half of slice= to all of it. */
static void calibrate(struct bench_case *bench)
{
	uint64_t want = us_to_ticks(bench, bench->config->param[BENCH_PARAM_slice]);
	unsigned int ops = 1;
	bool far = true; /* to end here would be a surprise */

	for (;;) {
		uint64_t slowest = try_slices(bench, ops, far ? want / 2 : ~0UL), next;

		if (ops == BENCH_OPS_MAX || slowest * 2 > want)
			break;
		/* A first slice is cold: approach the target, don't jump at it. */
		next = ops * want / slowest;
		far = next > (uint64_t)ops * 8;
		if (far)
			next = (uint64_t)ops * 8;
		ops = next > BENCH_OPS_MAX ? BENCH_OPS_MAX : next;
	}
	bench->slice_ops = ops;
}

static unsigned long purges(const struct arm_state *arm)
{
	unsigned long events[TRI_EVENT_COUNT];

	if (!arm->bench.core)
		return 0;
	arm->bench.calls->events_read(arm->bench.core, events);
	return core_counted(events[TRI_EVENT_purge]);
}

static bool puts_off(struct arm_state *arm)
{
	struct tri_status status;

	if (!arm->bench.core)
		return false;
	arm->bench.calls->status_read(arm->bench.core, &status);
	return status.areas_waiting > 0;
}

/* loops= in slices no longer than calibrated, two of an arm a round, rounds even in number. */
static unsigned long rounds_of(const struct bench_case *bench)
{
	unsigned long slices = (bench->block_ops + bench->slice_ops - 1) / bench->slice_ops;
	unsigned long rounds = (slices + 1) / 2;

	return rounds + rounds % 2;
}

/* Operations of the slice at @place in a block: calibrated, or the next part of loops=. */
static unsigned int ops_at(const struct bench_case *bench, unsigned long place)
{
	unsigned long n = 2 * bench->rounds, at = place / bench->nr_arms;

	if (!bench->block_ops)
		return bench->slice_ops;
	return (bench->block_ops * (at + 1) / n - bench->block_ops * at / n) ?: 1;
}

/*
 * Run until every arm that puts work off has purged 8 times, or the limit: so many rounds
 * make a block. Without deferred work blocks are short and many.
 */
static void warm_up(struct bench_case *bench)
{
	uint64_t limit = us_to_ticks(bench, bench->config->param[BENCH_PARAM_warmup] * 1000);
	uint64_t least = us_to_ticks(bench, 20000), start = plat_ticks(), taken;
	unsigned long before[BENCH_ARMS_MAX], rounds = 0;
	bool enough;

	for (unsigned int i = 0; i < bench->nr_arms; i++)
		before[i] = purges(&bench->arms[i]);
	do {
		for (unsigned int i = 0; i < 2 * bench->nr_arms; i++) {
			unsigned int a = i < bench->nr_arms ? i : 2 * bench->nr_arms - 1 - i;

			slice_run(bench, &bench->arms[a], bench->slice_ops, false);
			drop_slice_histograms(bench, &bench->arms[a]);
		}
		rounds++;
		bench->purges_min = ~0UL;
		for (unsigned int i = 0; i < bench->nr_arms; i++) {
			unsigned long n = purges(&bench->arms[i]) - before[i];

			/* Either alone misses an arm: a purge may come late, or last in a slice. */
			if (!n && !puts_off(&bench->arms[i]))
				continue;
			bench->defers = true;
			if (n < bench->purges_min)
				bench->purges_min = n;
		}
		taken = plat_ticks() - start;
		enough = taken >= least && bench->purges_min >= CASE_PURGES;
	} while ((!enough || rounds % 2) && taken < limit && !host_stopping());
	if (bench->block_ops)
		bench->rounds = rounds_of(bench);
	else
		bench->rounds = bench->defers ? rounds + rounds % 2 : CASE_ROUNDS_SHORT;
	if (bench->defers && !bench->config->param[BENCH_PARAM_blocks])
		bench->blocks_wanted = case_blocks(CASE_BLOCKS_LONG);
}

/* What the host counted since *before is @arm's; *before becomes now. Flushes' times go @to. */
static void add_counts(struct arm_state *arm, struct host_counts *before,
		       struct histogram *to_times)
{
	struct host_counts after, *to = &arm->block_counts;

	host_counts_read(&after);
	for (unsigned int i = 0; i < HOST_COUNTER_COUNT; i++)
		to->value[i] += after.value[i] - before->value[i];
	for (unsigned int i = 0; i < TRI_MAX_CPUS; i++)
		to->tlb_by_cpu[i] += after.tlb_by_cpu[i] - before->tlb_by_cpu[i];
	host_flush_times_take(to_times);
	*before = after;
}

static void fold_time(struct bench_case *bench, struct arm_state *arm, uint64_t ticks)
{
	unsigned int working = 0;

	for (unsigned int i = 0; i < bench->cpus; i++) {
		arm->block_ops += arm->bench.workers[i].ops;
		working += arm->bench.workers[i].ops > 0;
	}
	arm->block_total += ticks;
	arm->block_work += ticks * working;
}

static void fold_slice(struct bench_case *bench, struct arm_state *arm, uint64_t ticks, bool odd)
{
	struct histogram *first = arm->bench.workers[0].slice[case_heat_metric(arm)];

	*(odd ? &arm->block_odd : &arm->block_even) += ticks;
	for (unsigned int i = 0; i < bench->cpus; i++) {
		struct bench_worker *worker = &arm->bench.workers[i];

		for (unsigned int m = 0; m < arm->nr_metrics; m++) {
			histogram_merge(arm->block[m], worker->slice[m]);
			if (arm->by_worker)
				histogram_merge(arm->by_worker[i * arm->nr_metrics + m],
						worker->slice[m]);
			if (i && m == case_heat_metric(arm))
				histogram_merge(first, worker->slice[m]);
		}
	}
	heat_add(arm->heat, first, ticks);
}

/* Mirrored order, starting with another arm in every block of a kind. */
static unsigned int arm_at(const struct bench_case *bench, unsigned int place)
{
	unsigned long blocks = bench->probes_in ? bench->traced_blocks : bench->blocks;
	unsigned int n = bench->nr_arms, at = place % (2 * n);

	return ((at < n ? at : 2 * n - 1 - at) + blocks) % n;
}

/* Mean of the block's operations of metric @m that were timed in runs, all workers'; in ps. */
static uint64_t take_runs(struct bench_case *bench, struct arm_state *arm, unsigned int m)
{
	uint64_t ticks = 0, ops = 0;

	for (unsigned int i = 0; i < bench->cpus; i++) {
		struct bench_worker *worker = &arm->bench.workers[i];

		ticks += worker->run_ticks[m];
		ops += worker->run_ops[m];
		worker->run_ticks[m] = worker->run_ops[m] = 0;
	}
	return ops ? case_ps(bench, ticks) / ops : 0;
}

/* Samples of a block without probes. */
static void take_samples(struct bench_case *bench, struct arm_state *arm, uint64_t finish)
{
	unsigned long b = bench->blocks;

	arm->samples.total[b] = case_ps(bench, arm->block_total + finish);
	arm->samples.even[b] = case_ps(bench, arm->block_even);
	arm->samples.odd[b] = case_ps(bench, arm->block_odd);
	arm->samples.finish[b] = case_ps(bench, finish);
	for (unsigned int m = 0; m < arm->nr_metrics; m++) {
		for (unsigned int q = 0; q < CASE_QUANTILES; q++)
			arm->samples.quantile[m][q][b] =
				case_ps(bench, histogram_quantile(arm->block[m], case_quantile[q]));
		arm->samples.mean[m][b] = take_runs(bench, arm, m);
		histogram_merge(arm->total[m], arm->block[m]);
		histogram_reset(arm->block[m]);
	}
	extras_take_block(bench, arm);
	arm->ops += arm->block_ops;
}

static void drop_runs(struct bench_case *bench, struct arm_state *arm)
{
	for (unsigned int m = 0; m < arm->nr_metrics; m++)
		take_runs(bench, arm, m);
}

static void close_block(struct bench_case *bench, struct arm_state *arm)
{
	uint64_t start, finish;

	host_tracer_arm(case_number(bench, arm));
	extras_begin(bench);
	start = plat_ticks();
	arm_finish(arm);
	finish = plat_ticks() - start;
	extras_end(bench, arm, 0);
	host_tracer_arm(-1);
	if (bench->unsampled)
		traced_samples(bench, arm, finish);
	if (bench->probes_in)
		drop_runs(bench, arm);
	else
		take_samples(bench, arm, finish);
	arm->counted_ops += arm->block_ops;
	arm->block_ops = 0;
}

/* A whole block's: what a block that was not ended counted is no part of the results. */
static void take_counts(struct bench_case *bench, struct arm_state *arm)
{
	for (unsigned int i = 0; i < HOST_COUNTER_COUNT; i++)
		arm->counts.value[i] += arm->block_counts.value[i];
	for (unsigned int i = 0; i < TRI_MAX_CPUS; i++)
		arm->counts.tlb_by_cpu[i] += arm->block_counts.tlb_by_cpu[i];
	arm->slice_flush_ns += arm->block_flush_ns;
	if (arm->bench.core)
		arm->bench.calls->events_read(arm->bench.core, arm->events);
	arm->first_touches = arm->failed = 0;
	for (unsigned int i = 0; i < bench->cpus; i++) {
		arm->first_touches += arm->bench.workers[i].first_touches;
		arm->failed += arm->bench.workers[i].failed;
	}
}

/* Of blocks that are in samples: probes would add to what a flush takes. */
static void take_flush_times(struct arm_state *arm)
{
	arm->flush_ns += arm->block_counts.value[HOST_COUNTER_host_flush_ns];
	arm->flush_calls += arm->block_counts.value[HOST_COUNTER_host_flush_calls];
}

static void begin_block(struct arm_state *arm)
{
	arm->block_ops = arm->block_work = 0;
	arm->block_total = arm->block_even = arm->block_odd = 0;
	arm->block_flush_ns = 0;
	arm->block_counts = (struct host_counts){0};
}

/* A timed slice of @arm. */
static uint64_t run_slice(struct bench_case *bench, struct arm_state *arm, unsigned int ops)
{
	uint64_t ticks;

	host_tracer_arm(case_number(bench, arm));
	ticks = slice_run(bench, arm, ops, false);
	host_tracer_arm(-1);
	return ticks;
}

/*
 * A slice of each arm, in no sample: probes that went in or out have patched code under all CPUs'
 * feet, and caches are not what they were. Counters cover it, as all that is done.
 */
static void settle(struct bench_case *bench)
{
	struct host_counts before;

	host_counts_read(&before);
	for (unsigned int i = 0; i < bench->nr_arms; i++) {
		struct arm_state *arm = &bench->arms[i];

		begin_block(arm);
		fold_time(bench, arm, slice_run(bench, arm, bench->slice_ops, false));
		drop_slice_histograms(bench, arm);
		drop_runs(bench, arm);
		add_counts(arm, &before, bench->unsampled);
		take_counts(bench, arm);
		arm->counted_ops += arm->block_ops;
	}
}

/*
 * False: the user asked to stop meanwhile, and the block is not counted.
 *
 * Rounds are dealt to the two halves by the parity of their number's bits (Thue-Morse), not
 * of the number: purges come every so many rounds, and would all fall into one half.
 */
static bool run_block(struct bench_case *bench)
{
	struct histogram *unsampled = bench->probes_in ? bench->unsampled : NULL;
	unsigned long slices = 2 * bench->nr_arms * bench->rounds;
	unsigned long blocks = bench->blocks + bench->traced_blocks;
	struct host_counts before;

	for (unsigned int i = 0; i < bench->nr_arms; i++) {
		begin_block(&bench->arms[i]);
		extras_drop_block(bench, &bench->arms[i]);
	}
	host_counts_read(&before);
	for (unsigned long place = 0; place < slices; place++) {
		struct arm_state *arm = &bench->arms[arm_at(bench, place)];
		unsigned long round = place / (2 * bench->nr_arms);
		uint64_t ticks;

		if (host_stopping())
			return false;
		if (place < bench->nr_arms)
			*traced_order(bench, arm) = blocks * bench->nr_arms + place;
		ticks = run_slice(bench, arm, ops_at(bench, place));
		fold_time(bench, arm, ticks);
		if (!unsampled)
			fold_slice(bench, arm, ticks, __builtin_parityl(round));
		drop_slice_histograms(bench, arm);
		if (place + 1 == slices || arm != &bench->arms[arm_at(bench, place + 1)]) {
			uint64_t flush_ns = before.value[HOST_COUNTER_host_flush_ns];

			add_counts(arm, &before, unsampled ?: arm->shootdown);
			flush_ns = before.value[HOST_COUNTER_host_flush_ns] - flush_ns;
			/* It is taken off times of operations, of which these are none. */
			arm->block_flush_ns += unsampled ? 0 : flush_ns;
		}
	}
	for (unsigned int i = 0; i < bench->nr_arms; i++) {
		struct arm_state *arm = &bench->arms[arm_at(bench, i)];

		close_block(bench, arm);
		add_counts(arm, &before, unsampled ?: arm->shootdown);
		take_counts(bench, arm);
		if (!unsampled)
			take_flush_times(arm);
	}
	++*(bench->probes_in ? &bench->traced_blocks : &bench->blocks);
	return true;
}

/* False: that was the last, by what was wanted or by the user's will. */
static bool next_block(struct bench_case *bench)
{
	unsigned long done = bench->blocks + bench->traced_blocks, wanted = bench->blocks_wanted;

	if (bench->blocks == wanted && (!bench->traced || bench->traced_blocks == wanted))
		return false;
	if (traced_turn(bench))
		settle(bench);
	if (!run_block(bench))
		return false;
	records_progress(bench, done + 1, bench->traced ? 2 * wanted : wanted, "block");
	return true;
}

static int check_cores(struct bench_case *bench)
{
	for (unsigned int i = 0; i < bench->nr_arms; i++) {
		const struct bench_arm *arm = &bench->arms[i].bench;

		if (arm->core && arm->calls->check(arm->core)) {
			bench->why = "tri_check() found faults; stderr lists them";
			return -EINVAL;
		}
	}
	return 0;
}

static void start_counting(struct bench_case *bench)
{
	for (unsigned int i = 0; i < bench->nr_arms; i++) {
		struct arm_state *arm = &bench->arms[i];

		/* What waits from the warm-up is not the first block's to pay for. */
		arm_finish(arm);
		if (arm->bench.core)
			arm->bench.calls->events_reset(arm->bench.core);
		for (unsigned int k = 0; k < bench->cpus; k++)
			arm->bench.workers[k].first_touches = arm->bench.workers[k].failed = 0;
		drop_runs(bench, arm);
		heat_init(arm->heat, us_to_ticks(bench, 100));
	}
	/* So are the flushes up to here. */
	host_flush_times_take(bench->arms[0].shootdown);
	for (unsigned int i = 0; i < HOST_FLUSH_CLASSES; i++)
		histogram_reset(&bench->arms[0].shootdown[i]);
}

int measure_phase(struct bench_case *bench)
{
	unsigned int opened = 0;
	int error = 0;

	while (opened < bench->nr_arms && !error)
		error = arm_open(bench, &bench->arms[opened++]);
	if (error)
		goto out_close;
	records_progress(bench, 0, bench->blocks_wanted, "warm-up");
	bench->block_ops = bench->config->param[BENCH_PARAM_loops];
	calibrate(bench);
	warm_up(bench);
	traced_begin(bench);
	start_counting(bench);
	while (!error && next_block(bench)) {
#if TRI_CHECK_LEVEL >= 2
		error = check_cores(bench);
#endif
	}
	traced_finish(bench);
	if (!error)
		error = check_cores(bench);
	for (unsigned int i = 0; i < bench->nr_arms; i++)
		arm_judge(bench, &bench->arms[i]);
out_close:
	while (opened)
		arm_close(bench, &bench->arms[--opened]);
	return error || bench->why ? -EINVAL : 0;
}
