/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bisect_oracle.c - what is asked of each commit, on which side its answer is, and what git is
 * told of it.
 *
 * The middle is that of the logarithms: a commit is of the end that it differs from by the smaller
 * factor. A count is of one side for certain. Of time an interval must lie wholly on one side; how
 * certain it has to be is divided over all the looks that a bisection may take (Bonferroni), so
 * that with probability 0.95 none of them is wrong even of commits that lie in the middle itself.
 */
#include "bisect_rules.h"
#include "judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FAMILY_CONFIDENCE 0.95

size_t bisect_looks(size_t commits)
{
	size_t steps = 0;

	while (((size_t)1 << steps) < commits)
		steps++;
	return 2 * (steps + 5);
}

static const struct bisect_count *find(const struct bisect_measured *measured, const char *name)
{
	for (size_t i = 0; i < measured->nr_counts; i++)
		if (!strcmp(measured->counts[i].name, name))
			return &measured->counts[i];
	return NULL;
}

/* What is a change of it at all. */
static double least_change(const struct bisect_count *a, const struct bisect_count *b)
{
	return fmax(fmax(a->slack, b->slack), fmax(a->tolerance, b->tolerance) * fabs(a->value));
}

/* How much worse the bad end is, in ln(1 + x); less than 0: better; 0: unchanged. */
static double worse(const struct bisect_count *good, const struct bisect_count *bad)
{
	double change = log1p(bad->value) - log1p(good->value);

	if (fabs(bad->value - good->value) <= least_change(good, bad))
		return 0;
	return good->better == BETTER_HIGHER ? -change : change;
}

static bool is_usable(const struct bisect_count *good, const struct bisect_count *bad)
{
	return bad && good->stable && bad->stable && good->ops == bad->ops && good->value >= 0 &&
	       bad->value >= 0;
}

static int take(const struct bisect_count *good, const struct bisect_count *bad, bool bad_is_new,
		struct bisect_oracle *out)
{
	double middle = (log1p(good->value) + log1p(bad->value)) / 2;

	*out = (struct bisect_oracle){.metric = strdup(good->name),
				      .unit = strdup(good->unit),
				      .exact = true,
				      .better = good->better,
				      .old = bad_is_new ? good->value : bad->value,
				      .new = bad_is_new ? bad->value : good->value,
				      .middle = expm1(middle),
				      .least = least_change(good, bad),
				      .ops = good->ops,
				      .confidence = 1};
	if (out->metric && out->unit)
		return 0;
	bisect_oracle_free(out);
	return -1;
}

enum bisect_difference bisect_choose_count(const struct bisect_measured *good,
					   const struct bisect_measured *bad, const char *metric,
					   bool bad_is_new, struct bisect_oracle *out)
{
	const struct bisect_count *best = NULL, *count;
	double most = 0;
	bool better = false;

	*out = (struct bisect_oracle){.metric = NULL};
	if (metric) {
		count = find(good, metric);
		if (!count || !is_usable(count, find(bad, metric)))
			return BISECT_NO_METRIC;
	}
	for (size_t i = 0; i < good->nr_counts; i++) {
		const struct bisect_count *other = find(bad, good->counts[i].name);
		double change;

		count = &good->counts[i];
		if (!is_usable(count, other) ||
		    (metric ? strcmp(count->name, metric) != 0 : count->better == BETTER_NONE))
			continue;
		change = worse(count, other);
		if (count->better == BETTER_NONE)
			change = fabs(change);
		better |= change < 0;
		if (change > most) {
			most = change;
			best = count;
		}
	}
	if (!best)
		return better ? BISECT_SWAPPED : BISECT_ALIKE;
	return take(best, find(bad, best->name), bad_is_new, out) ? BISECT_NO_METRIC
								  : BISECT_DIFFER;
}

enum bisect_difference bisect_choose_time(const struct bisect_measured *copy,
					  const struct bisect_measured *bad, double threshold,
					  bool bad_is_new, size_t commits,
					  struct bisect_value *between, struct bisect_oracle *out)
{
	double confidence = statistics_family_confidence(FAMILY_CONFIDENCE, bisect_looks(commits));
	struct estimate change = statistics_median_interval(bad->logs, bad->n, confidence);
	double limit =
		fmax(log1p(threshold), JUDGE_FLOOR_FACTOR * judge_floor(copy->logs, copy->n));

	*between = (struct bisect_value){change.median, change.low, change.high, change.n};
	*out = (struct bisect_oracle){
		.metric = strdup("total"),
		.unit = strdup("ratio"),
		.better = BETTER_LOWER,
		.old = bad_is_new ? 0 : change.median,
		.new = bad_is_new ? change.median : 0,
		.middle = change.median / 2,
		.least = limit,
		.confidence = confidence,
	};
	switch (judge_interval(change.low, change.high, limit, BETTER_LOWER)) {
	case VERDICT_REGRESSED:
		return BISECT_DIFFER;
	case VERDICT_IMPROVED:
		return BISECT_SWAPPED;
	case VERDICT_UNCHANGED:
		return BISECT_ALIKE;
	default:
		return BISECT_INCONCLUSIVE;
	}
}

void bisect_oracle_free(struct bisect_oracle *oracle)
{
	free(oracle->metric);
	free(oracle->unit);
	*oracle = (struct bisect_oracle){.metric = NULL};
}

size_t bisect_processes(size_t commits)
{
	return statistics_min_n(
		statistics_family_confidence(FAMILY_CONFIDENCE, bisect_looks(commits)));
}

struct bisect_value bisect_value_of(const struct bisect_oracle *oracle,
				    const struct bisect_measured *measured)
{
	struct bisect_value none = {NAN, NAN, NAN, 0};
	const struct bisect_count *count;
	struct estimate change;

	if (oracle->exact) {
		count = find(measured, oracle->metric);
		if (!count || !count->stable || count->value < 0)
			return none;
		return (struct bisect_value){count->value, count->value, count->value, 1};
	}
	if (!measured->n)
		return none;
	change = statistics_median_interval(measured->logs, measured->n, oracle->confidence);
	return (struct bisect_value){change.median, change.low, change.high, change.n};
}

enum bisect_side bisect_judge(const struct bisect_oracle *oracle, const struct bisect_value *value)
{
	bool new_is_more = oracle->new > oracle->old;

	if (!isfinite(value->value))
		return BISECT_UNCLEAR;
	if (value->low > oracle->middle)
		return new_is_more ? BISECT_NEW : BISECT_OLD;
	/* A count in the middle has gone half the way: what took it further comes later. */
	if (value->high < oracle->middle || (oracle->exact && value->high == oracle->middle))
		return new_is_more ? BISECT_OLD : BISECT_NEW;
	return BISECT_UNCLEAR;
}

enum bisect_code bisect_code(enum bisect_side side)
{
	switch (side) {
	case BISECT_OLD:
		return BISECT_CODE_OLD;
	case BISECT_NEW:
		return BISECT_CODE_NEW;
	case BISECT_UNCLEAR:
	case BISECT_SKIPPED:
		return BISECT_CODE_SKIP;
	case BISECT_NONE:
		break;
	}
	return BISECT_CODE_ABORT;
}

enum bisect_code bisect_code_safe(int code)
{
	if (code == BISECT_CODE_OLD || code == BISECT_CODE_NEW || code == BISECT_CODE_SKIP)
		return (enum bisect_code)code;
	return BISECT_CODE_ABORT;
}
