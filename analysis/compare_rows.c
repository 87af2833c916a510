/* SPDX-License-Identifier: GPL-2.0-only */
/* compare_rows.c - the rows of one pair of benches: figures, intervals, verdicts. */
#include "compare_build.h"
#include "judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* For intervals that are shown, not judged; each stands for itself. */
#define SHOWN_CONFIDENCE 0.95
/*
 * Of one process: of the interval that an arm's distance from itself is read off. Not family-wise:
 * the factor above pays for that, and with few blocks a family-wise interval is the range, so that
 * one disturbed block of twelve would set the floor.
 */
#define FLOOR_CONFIDENCE 0.95
/* Noise of more than so many thresholds can't show that nothing changed. */
#define UNCHANGED_MOST 5

static struct compare_row *add_row(struct compare_group *group, enum row_kind kind,
				   const char *metric)
{
	struct compare_row *row = &group->rows[group->nr_rows++];

	*row = (struct compare_row){
		.kind = kind,
		.metric = metric,
		.unit = "",
		.base = NAN,
		.base_half = NAN,
		.next = NAN,
		.next_half = NAN,
		.ratio = NAN,
		.low = NAN,
		.high = NAN,
		.floor = NAN,
		.effect = NAN,
		.verdict = VERDICT_SHOWN,
	};
	return row;
}

/* Half the interval of a median, or NAN if there are too few values for one. */
static double half_interval(const struct samples *samples, double *median)
{
	struct estimate own =
		statistics_median_interval(samples->values, samples->n, SHOWN_CONFIDENCE);

	*median = own.median;
	return isfinite(own.high) ? (own.high - own.low) / 2 : NAN;
}

/* Divide by @per operations each; 1: the values are of single operations or of a block. */
struct divisors {
	double base, next;
};

static void set_medians(struct compare_row *row, const struct samples *base,
			const struct samples *next, struct divisors per)
{
	row->base_half = half_interval(base, &row->base) / per.base;
	row->next_half = half_interval(next, &row->next) / per.next;
	row->base /= per.base;
	row->next /= per.next;
}

static void set_ratio(struct comparison_memory *memory, struct compare_row *row,
		      const struct samples *base, const struct samples *next, struct divisors per,
		      double confidence)
{
	size_t n = base->n < next->n ? base->n : next->n;
	double scale = per.base / per.next;
	struct estimate change;

	if (!memory->comparison.paired) {
		row->ratio = row->base > 0 && row->next > 0 ? row->next / row->base : NAN;
		row->why = "unpaired";
		return;
	}
	change = statistics_log_ratio(base->values, next->values, n, confidence);
	row->n = change.n;
	row->ratio = exp(change.median) * scale;
	if (isfinite(change.low)) {
		row->low = exp(change.low) * scale;
		row->high = exp(change.high) * scale;
	}
}

/*
 * How far apart an arm is from itself: its even against its odd slices, in ln(ratio). 0 if
 * the file does not say, INFINITY if it has too few values.
 */
static double self_distance(const struct bench *bench, double confidence)
{
	const struct samples *even = bench_samples(bench, "total.even");
	const struct samples *odd = bench_samples(bench, "total.odd");
	struct estimate self;

	if (!even || !odd)
		return 0;
	self = statistics_log_ratio(even->values, odd->values, even->n < odd->n ? even->n : odd->n,
				    confidence);
	return (self.high - self.low) / 2;
}

/* Two runs were not measured side by side, in however many processes: their medians are shown. */
static bool is_by_processes(const struct comparison_memory *memory,
			    const struct compare_group *group)
{
	return memory->comparison.paired && group->nr_processes;
}

/*
 * What several processes say: one value of each. They need not be of equal many operations, so the
 * medians are of one.
 */
static int set_by_processes(const struct compare_group *group, struct compare_row *row,
			    const char *metric, bool per_op, double confidence, double *self)
{
	struct process_values values;
	struct estimate change, base, next;

	if (compare_process_values(group, metric, per_op, &values))
		return -1;
	change = statistics_median_interval(values.logs, values.n, confidence);
	base = statistics_median_interval(values.base, values.n, SHOWN_CONFIDENCE);
	next = statistics_median_interval(values.next, values.n, SHOWN_CONFIDENCE);
	row->base = base.median;
	row->next = next.median;
	row->base_half = isfinite(base.high) ? (base.high - base.low) / 2 : NAN;
	row->next_half = isfinite(next.high) ? (next.high - next.low) / 2 : NAN;
	row->n = values.n;
	row->ratio = exp(change.median);
	if (isfinite(change.low)) {
		row->low = exp(change.low);
		row->high = exp(change.high);
	}
	row->effect = judge_effect(values.logs, values.n);
	*self = values.nr_copies ? judge_floor(values.copies, values.nr_copies) : NAN;
	process_values_free(&values);
	return 0;
}

/* Without a copy to tell noise by: each arm's two halves, by the median over processes. */
static double halves_distance(const struct compare_group *group)
{
	double *distance = malloc((group->nr_processes + 1) * sizeof(*distance)), out;

	if (!distance)
		return INFINITY;
	for (size_t i = 0; i < group->nr_processes; i++)
		distance[i] = fmax(self_distance(group->processes[i].base, FLOOR_CONFIDENCE),
				   self_distance(group->processes[i].next, FLOOR_CONFIDENCE));
	out = statistics_median(distance, group->nr_processes);
	free(distance);
	return out;
}

/* @self: how far from itself an arm is. */
static void judge_time(struct comparison_memory *memory, const struct compare_group *group,
		       struct compare_row *row, double self)
{
	double confidence = memory->row_confidence;
	double threshold = log1p(memory->options.threshold);
	double limit = fmax(threshold, JUDGE_FLOOR_FACTOR * self);
	size_t min_n = statistics_min_n(confidence);

	row->floor = isfinite(limit) ? expm1(limit) : NAN;
	row->verdict = judge_interval(log(row->low), log(row->high), limit, row->better);
	if (row->verdict == VERDICT_UNCHANGED && limit > UNCHANGED_MOST * threshold)
		row->verdict = VERDICT_INCONCLUSIVE;
	if (row->verdict != VERDICT_INCONCLUSIVE)
		return;
	if (row->n < min_n)
		row->why = arena_printf(&memory->arena, "%zu %s, needs %zu", row->n,
					group->nr_processes ? "processes" : "blocks", min_n);
	else if (isfinite(limit))
		row->why = arena_printf(&memory->arena, "changes within %.1f%% are noise here",
					100 * row->floor);
}

static void note_disturbed(struct comparison_memory *memory, const struct bench *bench)
{
	char text[256];

	if (*bench_disturbed_text(bench, text, sizeof(text)))
		compare_footnote(memory, "disturbed: %s%s%s: %s", bench->workload,
				 *bench->arm ? " " : "", bench->arm, text);
}

static int add_total(struct comparison_memory *memory, struct compare_group *group, bool judged)
{
	const struct samples *base = bench_samples(group->base, "total");
	const struct samples *next = bench_samples(group->next, "total");
	struct divisors per = {1, 1};
	struct compare_row *row;
	double self;

	if (!base || !next || !base->n || !next->n)
		return 0;
	row = add_row(group, ROW_TIME, base->metric);
	row->unit = base->unit;
	if (base->ops && next->ops) {
		per = (struct divisors){(double)base->ops, (double)next->ops};
		row->unit = arena_printf(&memory->arena, "%s/op", base->unit);
	}
	if (!bench_real_time(group->base) || !bench_real_time(group->next))
		compare_footnote(memory, "time is an emulator's, not the hardware's: shown, never "
					 "judged");
	note_disturbed(memory, group->base);
	note_disturbed(memory, group->next);
	row->better = base->better;
	row->class = CLASS_NOISY;
	if (is_by_processes(memory, group)) {
		if (set_by_processes(group, row, base->metric, base->ops && next->ops,
				     memory->row_confidence, &self))
			return -1;
		if (isnan(self))
			self = halves_distance(group);
	} else {
		set_medians(row, base, next, per);
		set_ratio(memory, row, base, next, per, memory->row_confidence);
		self = fmax(self_distance(group->base, FLOOR_CONFIDENCE),
			    self_distance(group->next, FLOOR_CONFIDENCE));
	}
	if (!memory->comparison.paired || !judged)
		return 0;
	if (bench_real_time(group->base) && bench_real_time(group->next))
		judge_time(memory, group, row, self);
	else
		row->why = "the clock is an emulator's";
	return 0;
}

static int add_samples(struct comparison_memory *memory, struct compare_group *group)
{
	double unused;

	for (size_t i = 0; i < group->base->nr_samples; i++) {
		const struct samples *base = &group->base->samples[i];
		const struct samples *next = bench_samples(group->next, base->metric);
		struct compare_row *row;

		if (!next || !base->n || !next->n || !strcmp(base->metric, "total") ||
		    !strncmp(base->metric, "total.", 6))
			continue;
		row = add_row(group, ROW_SAMPLES, base->metric);
		row->unit = base->unit;
		row->better = base->better;
		row->class = CLASS_NOISY;
		if (is_by_processes(memory, group)) {
			if (set_by_processes(group, row, base->metric, false, SHOWN_CONFIDENCE,
					     &unused))
				return -1;
			continue;
		}
		set_medians(row, base, next, (struct divisors){1, 1});
		set_ratio(memory, row, base, next, (struct divisors){1, 1}, SHOWN_CONFIDENCE);
	}
	return 0;
}

static void judge_counter(struct comparison_memory *memory, struct compare_row *row,
			  const struct counter *base, const struct counter *next)
{
	/* Which side says so does not matter: the other may come of an older build. */
	double tolerance = fmax(base->threshold, next->threshold);
	double slack = fmax(base->slack, next->slack), worse = next->value - base->value;

	if (base->ops != next->ops) {
		row->verdict = VERDICT_NOT_COMPARABLE;
		row->why = arena_printf(&memory->arena, "counted over %lu and %lu operations",
					(unsigned long)base->ops, (unsigned long)next->ops);
		return;
	}
	if (tolerance > 0)
		row->floor = tolerance;
	if (base->ops)
		row->slack = slack / (double)base->ops;
	slack = fmax(slack, tolerance * fabs(base->value));
	if (row->better == BETTER_HIGHER)
		worse = -worse;
	if (worse > slack)
		row->verdict = VERDICT_REGRESSED;
	else if (worse < -slack)
		row->verdict = VERDICT_IMPROVED;
	else
		row->verdict = VERDICT_UNCHANGED;
}

/* A maximum is no sum, to be divided by the operations. */
static bool is_maximum(const struct counter *counter)
{
	size_t length = strlen(counter->name);

	return length > 4 && !strcmp(counter->name + length - 4, "_max");
}

static struct compare_row *add_counter(struct compare_group *group, enum row_kind kind,
				       const struct counter *base, const struct counter *next)
{
	struct compare_row *row = add_row(group, kind, base->name);

	row->unit = base->unit;
	row->better = base->better;
	row->class = base->class;
	row->base = base->value;
	row->next = next->value;
	return row;
}

/* In each process, either arm counted what it did in the first. */
static bool equal_in_all(const struct compare_group *group, const struct counter *base,
			 const struct counter *next)
{
	for (size_t i = 1; i < group->nr_processes; i++) {
		const struct counter *a =
			bench_counter(group->processes[i].base, "exact", base->name);
		const struct counter *b =
			bench_counter(group->processes[i].next, "exact", next->name);

		if (!a || !b || a->has_value != base->has_value || a->value != base->value ||
		    b->has_value != next->has_value || b->value != next->value)
			return false;
	}
	return true;
}

static void add_exact(struct comparison_memory *memory, struct compare_group *group,
		      const struct counter *base, const struct counter *next, bool judged)
{
	struct compare_row *row = add_counter(group, ROW_EXACT, base, next);

	if (!judged || base->better == BETTER_NONE) {
		row->verdict = VERDICT_SHOWN;
	} else if (!base->stable || !next->stable) {
		row->verdict = VERDICT_INCONCLUSIVE;
		row->why = "unstable: differs from repetition to repetition";
	} else if (!equal_in_all(group, base, next)) {
		row->verdict = VERDICT_INCONCLUSIVE;
		row->why = "unstable: differs from process to process";
	} else {
		judge_counter(memory, row, base, next);
	}
	if (row->base > 0)
		row->ratio = row->next / row->base;
	/* A run that only counts is read by its counts: then by what one operation takes. */
	if (bench_is_exact(group->base) && base->ops && base->ops == next->ops &&
	    !is_maximum(base)) {
		row->unit = arena_printf(&memory->arena, "%s/op", base->unit);
		row->base /= (double)base->ops;
		row->next /= (double)base->ops;
	}
}

/* Counts of an unlike number of operations are shown per operation. */
static void add_measured(struct comparison_memory *memory, struct compare_group *group,
			 const struct counter *base, const struct counter *next)
{
	struct compare_row *row;

	if (base->value == 0 && next->value == 0)
		return;
	row = add_counter(group, ROW_COUNTER, base, next);
	if (base->ops && next->ops && !is_maximum(base)) {
		row->unit = arena_printf(&memory->arena, "%s/op", base->unit);
		row->base /= (double)base->ops;
		row->next /= (double)next->ops;
	}
	if (row->base > 0)
		row->ratio = row->next / row->base;
}

/* What the base could count and the other can't: a gate must not pass for want of a number. */
static void add_lost(struct comparison_memory *memory, struct compare_group *group,
		     const struct counter *base, const struct counter *next, bool judged)
{
	struct compare_row *row;

	/* Why a group as a whole is not judged stands in its first row. */
	if (!judged && !next)
		return;
	if (!judged || base->better == BETTER_NONE) {
		compare_footnote(memory, "%s is missing: %s", base->name,
				 next ? next->why : "one side does not have it");
		return;
	}
	row = add_row(group, ROW_EXACT, base->name);
	row->unit = base->unit;
	row->better = base->better;
	row->class = base->class;
	row->base = base->value;
	row->verdict = VERDICT_NOT_COMPARABLE;
	row->why = next ? next->why : "counted on one side only";
}

bool compare_subjects_differ(const struct bench *a, const struct bench *b)
{
	const json_t *one = json_object_get(a->params, "impl");
	const json_t *other = json_object_get(b->params, "impl");

	/* Two that don't say are alike; json_equal() knows nothing of NULL. */
	return one != other && !json_equal(one, other);
}

static void add_counters(struct comparison_memory *memory, struct compare_group *group, bool exact,
			 bool judged)
{
	for (size_t i = 0; i < group->base->nr_counters; i++) {
		const struct counter *base = &group->base->counters[i], *next;
		bool is_exact = !strcmp(base->phase, "exact") && base->class == CLASS_EXACT;

		next = bench_counter(group->next, base->phase, base->name);
		/* Exact on one side only: not a count to judge. */
		is_exact &= !next || next->class == CLASS_EXACT;
		if (!strcmp(base->phase, "harness") || is_exact != exact)
			continue;
		/* Each subject has counts of its own. */
		if (!next && compare_subjects_differ(group->base, group->next))
			continue;
		if (!next || (base->has_value && !next->has_value))
			add_lost(memory, group, base, next, exact && judged);
		else if (!base->has_value)
			compare_footnote(memory, "%s is missing: %s", base->name, base->why);
		else if (exact)
			add_exact(memory, group, base, next, judged);
		else
			add_measured(memory, group, base, next);
	}
}

static void mark_trade_off(struct compare_group *group)
{
	bool worse = false, better = false;

	for (size_t i = 0; i < group->nr_rows; i++) {
		worse |= group->rows[i].verdict == VERDICT_REGRESSED;
		better |= group->rows[i].verdict == VERDICT_IMPROVED;
	}
	group->trade_off = worse && better;
}

int compare_fill_group(struct comparison_memory *memory, struct compare_group *group,
		       const struct pair_state *state)
{
	bool judged = state->outcome == VERDICT_SHOWN;

	group->rows = calloc(1 + group->base->nr_samples + group->base->nr_counters,
			     sizeof(*group->rows));
	if (!group->rows)
		return -1;
	if (!judged) {
		struct compare_row *row = add_row(group, ROW_OUTCOME, "");

		row->verdict = state->outcome;
		row->why = state->why;
	}
	if (!state->has_rows)
		return 0;
	if (state->show_time && add_total(memory, group, judged))
		return -1;
	add_counters(memory, group, true, judged);
	if (state->show_time) {
		if (add_samples(memory, group))
			return -1;
		add_counters(memory, group, false, false);
	}
	mark_trade_off(group);
	return 0;
}
