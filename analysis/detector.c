/* SPDX-License-Identifier: GPL-2.0-only */
/* detector.c - weak points in, changes that are certain and large out. */
#include "detector.h"
#include "edivisive.h"
#include "step.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Weak points are ten times weaker than changes (Hunter). */
#define WEAK 10
/* As many of the last nights are looked at one by one; beyond, weak points find what there is. */
#define LAST_NIGHTS 10

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

struct search {
	const double *values; /* logarithms */
	size_t n;
	const struct detector *detector;
	double threshold; /* of logarithms */
	size_t nr;
	struct step *steps; /* by rising place */
};

/* Measure steps[i] between its neighbours. */
static void measure(struct search *search, size_t i)
{
	struct step *step = &search->steps[i];
	size_t from = i ? search->steps[i - 1].at : 0;
	size_t to = i + 1 < search->nr ? search->steps[i + 1].at : search->n;

	step_measure(search->values, from, step->at, to, search->detector->window,
		     search->threshold, step);
}

static double size_of(const struct step *step)
{
	return fabs(step->after - step->before);
}

/* The step that has to go first, the least certain, then the smallest; nr if all may stay. */
static size_t weakest(const struct search *search)
{
	size_t worst = 0, least = search->nr;

	for (size_t i = 0; i < search->nr; i++) {
		const struct step *step = &search->steps[i];

		if (step->p > search->steps[worst].p)
			worst = i;
		if (!step->large &&
		    (least == search->nr || size_of(step) < size_of(&search->steps[least])))
			least = i;
	}
	if (!search->nr || search->steps[worst].p >= search->detector->p)
		return worst;
	return least;
}

static void merge(struct search *search)
{
	size_t at;

	for (size_t i = 0; i < search->nr; i++)
		measure(search, i);
	while ((at = weakest(search)) < search->nr) {
		search->nr--;
		memmove(search->steps + at, search->steps + at + 1,
			(search->nr - at) * sizeof(*search->steps));
		if (at)
			measure(search, at - 1);
		if (at < search->nr)
			measure(search, at);
	}
}

/*
 * The last nights need no weak point: one disturbed night draws the only split of a window to
 * itself. Of all that would hold, the one that is least likely by chance.
 */
static void look_at_last(struct search *search)
{
	size_t from = search->nr ? search->steps[search->nr - 1].at : 0;
	struct step best = {.p = search->detector->p};

	for (size_t k = STEP_NIGHTS_LEAST;
	     k <= LAST_NIGHTS && from + k + STEP_NIGHTS_LEAST <= search->n; k++) {
		struct step step = {.at = search->n - k};

		step_measure(search->values, from, step.at, search->n, search->detector->window,
			     search->threshold, &step);
		if (step.large && step.p < best.p)
			best = step;
	}
	if (best.at) {
		search->steps[search->nr++] = best;
		merge(search);
	}
}

/* Both nights lie nearer to @level than to @other. */
static bool both_near(const double *values, double level, double other)
{
	return fabs(values[0] - level) < fabs(values[0] - other) &&
	       fabs(values[1] - level) < fabs(values[1] - other);
}

static struct detected as_detected(const struct search *search, size_t i)
{
	const struct step *step = &search->steps[i];
	size_t from = i ? search->steps[i - 1].at : 0, good = step->at - 1, bad = step->at;
	size_t to = i + 1 < search->nr ? search->steps[i + 1].at : search->n;
	const double *values = search->values;

	while (good > from && !both_near(values + good - 1, step->before, step->after))
		good--;
	while (bad + 1 < to && !both_near(values + bad, step->after, step->before))
		bad++;
	return (struct detected){.at = step->at,
				 .good = good,
				 .bad = bad,
				 .before = exp(step->before),
				 .after = exp(step->after),
				 .p = step->p};
}

size_t detector_find(const double *values, size_t n, const struct detector *detector,
		     struct detected **out)
{
	double *logs = must(calloc(n + 1, sizeof(*logs)));
	size_t *places = must(calloc(n + 1, sizeof(*places)));
	struct search search = {
		.values = logs,
		.n = n,
		.detector = detector,
		.threshold = log1p(detector->threshold),
		.steps = must(calloc(n + 1, sizeof(*search.steps))),
	};

	for (size_t i = 0; i < n; i++)
		logs[i] = log(values[i]);
	search.nr = edivisive_weak(logs, n, detector->window, STEP_NIGHTS_LEAST, WEAK * detector->p,
				   places);
	for (size_t i = 0; i < search.nr; i++)
		search.steps[i].at = places[i];
	merge(&search);
	look_at_last(&search);
	*out = must(calloc(search.nr + 1, sizeof(**out)));
	for (size_t i = 0; i < search.nr; i++)
		(*out)[i] = as_detected(&search, i);
	free(search.steps);
	free(places);
	free(logs);
	return search.nr;
}

size_t detector_find_exact(const double *values, size_t n, double slack, struct detected **out)
{
	size_t nr = 0;

	*out = must(calloc(n + 1, sizeof(**out)));
	for (size_t i = 1; i < n; i++) {
		if (fabs(values[i] - values[i - 1]) > slack * fabs(values[i - 1]))
			(*out)[nr++] = (struct detected){.at = i,
							 .good = i - 1,
							 .bad = i,
							 .before = values[i - 1],
							 .after = values[i]};
	}
	return nr;
}
