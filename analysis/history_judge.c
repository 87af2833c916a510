/* SPDX-License-Identifier: GPL-2.0-only */
/* history_judge.c - what a row of nights comes to: changes, accepted or not, and its noise. */
#include "history.h"
#include "statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* rustc-perf looks back on 30 commits; of fewer than 8 changes quartiles say nothing. */
#define NOISE_NIGHTS 30
#define NOISE_LEAST  8
/* Below this nothing is noise that matters: what a change is divided by at least. */
#define NOISE_FLOOR 0.001
/* As results/README.md has it of `instructions`, for what builds differ by beside their code. */
#define INSTRUCTIONS_SLACK 0.005

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

/* The newest nights with one reference: the ratio to another says something else. */
static size_t stretch_end(const struct history_series *series, size_t from)
{
	size_t to = from + 1;

	while (to < series->nr_points && (series->exact || !strcmp(series->points[to].reference,
								   series->points[from].reference)))
		to++;
	return to;
}

static void add_changes(struct history_series *series, size_t from, const struct detected *found,
			size_t nr)
{
	series->changes = must(
		realloc(series->changes, (series->nr_changes + nr + 1) * sizeof(*series->changes)));
	for (size_t i = 0; i < nr; i++) {
		double change = found[i].after / found[i].before - 1;

		series->changes[series->nr_changes++] = (struct history_change){
			.at = from + found[i].at,
			.good = from + found[i].good,
			.bad = from + found[i].bad,
			.before = found[i].before,
			.after = found[i].after,
			.change = change,
			.p = found[i].p,
			.worse = series->better == BETTER_HIGHER ? change < 0 : change > 0,
		};
	}
}

static void detect(struct history_series *series, const struct detector *detector)
{
	double *values = must(calloc(series->nr_points + 1, sizeof(*values)));
	double slack = strcmp(series->metric, "instructions") ? 0 : INSTRUCTIONS_SLACK;

	for (size_t i = 0; i < series->nr_points; i++)
		values[i] = series->points[i].value;
	for (size_t from = 0, to; from < series->nr_points; from = to) {
		struct detected *found;
		size_t nr;

		to = stretch_end(series, from);
		nr = series->exact ? detector_find_exact(values + from, to - from, slack, &found)
				   : detector_find(values + from, to - from, detector, &found);
		add_changes(series, from, found, nr);
		free(found);
	}
	free(values);
}

static void ask_accepted(struct history_series *series, const struct history_options *options)
{
	const struct accepted_commits nobody = {NULL, NULL};

	for (size_t i = 0; options->accepted && i < series->nr_changes; i++) {
		struct history_change *change = &series->changes[i];
		const struct accepted_change asked = {
			.series = series->series,
			.workload = series->workload,
			.label = series->label,
			.metric = series->metric,
			.good = series->points[change->good].commit,
			.bad = series->points[change->bad].commit,
			.ratio = change->after / change->before,
		};
		const struct accepted_entry *entry = accepted_find(
			options->accepted, options->commits ? options->commits : &nobody, &asked);

		change->accepted = entry ? entry->reason : NULL;
	}
}

/*
 * A change for the worse stands until the level is back where it was: as far as matters for time,
 * and all the way for counts. Another reference ends it too: it has what was worse, or not.
 */
static bool stands(const struct history_series *series, const struct history_change *change,
		   double threshold)
{
	const struct history_change *last = &series->changes[series->nr_changes - 1];
	double off = last->after / change->before - 1;

	if (!change->worse || change->accepted ||
	    stretch_end(series, change->at) < series->nr_points)
		return false;
	if (series->better == BETTER_HIGHER)
		off = -off;
	return series->exact ? off > 0 : off >= threshold / 2;
}

static double noise_of(const struct history_series *series)
{
	size_t n = series->nr_points ? series->nr_points - 1 : 0;
	size_t used = n < NOISE_NIGHTS ? n : NOISE_NIGHTS;
	double deltas[NOISE_NIGHTS], third;

	if (used < NOISE_LEAST)
		return NAN;
	for (size_t i = 0; i < used; i++) {
		const struct history_point *next = &series->points[series->nr_points - 1 - i];

		deltas[i] = fabs(next->value / next[-1].value - 1);
		if (!isfinite(deltas[i]))
			deltas[i] = next->value != next[-1].value;
	}
	third = statistics_quantile(deltas, used, 0.75);
	return third + 3 * (third - statistics_quantile(deltas, used, 0.25));
}

static double rank_of(const struct history_series *series)
{
	double most = 0, noise = series->noise > NOISE_FLOOR ? series->noise : NOISE_FLOOR;

	for (size_t i = 0; i < series->nr_changes; i++)
		if (!series->changes[i].accepted)
			most = fmax(most, fabs(series->changes[i].change) / noise);
	return most;
}

void history_judge(struct history_series *series, const struct history_options *options)
{
	free(series->changes);
	series->changes = NULL;
	series->nr_changes = 0;
	detect(series, &options->detector);
	ask_accepted(series, options);
	for (size_t i = 0; i < series->nr_changes; i++)
		series->changes[i].stands =
			stands(series, &series->changes[i], options->detector.threshold);
	series->noise = noise_of(series);
	series->rank = rank_of(series);
}
