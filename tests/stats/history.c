/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * history.c - how often the detector of histories is wrong, on made-up rows of nightly ratios.
 *
 * A ratio is a median over processes that run both cores side by side, so what the machine does
 * cancels and little is left: normal, with a standard deviation of 0.3 to 1 % here. On top of it
 * comes, by turns, what would deceive a detector. Rows have 60 nights and are looked at after each,
 * as a nightly does: a row counts as a false alarm if there is one after any of its nights.
 */
#include "detector.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS	     1000
#define NIGHTS	     60
#define STEP	     1.05
#define NIGHTS_AFTER 8
/* A step comes after 20 to 50 nights. */
#define BEFORE_LEAST 20
#define BEFORE_MOST  50
/* A change this far from the step is another one. */
#define NEAR 2

enum noise {
	NOISE_PLAIN,
	NOISE_DRIFT,	/* and slower by 5 % in all, bit by bit: there is no step to find */
	NOISE_OUTLIERS, /* and 1 night of 20 disturbed: slower by 30 % in the mean, exponential */
	NOISE_BIMODAL,	/* and 1 night of 4 in another mode, slower by 3 % */
	NOISES
};
static const char *const noises[NOISES] = {"plain", "drift", "outliers", "bimodal"};
static const double deviations[] = {0.003, 0.005, 0.01};
#define DEVIATIONS (sizeof(deviations) / sizeof(*deviations))
/* Up to here no night may be a false alarm; above, the row as a whole. */
#define QUIET 0.005

static void make_row(gsl_rng *random, enum noise noise, double deviation, size_t step_at,
		     double step, double *ratios)
{
	for (size_t i = 0; i < NIGHTS; i++) {
		double logarithm = gsl_ran_gaussian(random, deviation);

		if (noise == NOISE_DRIFT)
			logarithm += log1p(0.05) * (double)i / NIGHTS;
		else if (noise == NOISE_OUTLIERS && gsl_rng_uniform(random) < 0.05)
			logarithm += log1p(gsl_ran_exponential(random, 0.3));
		else if (noise == NOISE_BIMODAL && gsl_rng_uniform(random) < 0.25)
			logarithm += log1p(0.03);
		if (i >= step_at)
			logarithm += log(step);
		ratios[i] = exp(logarithm);
	}
}

/* Rows, of ROWS. */
struct tally {
	unsigned int ever, at_end;	      /* false alarms without a step */
	unsigned int found[NIGHTS_AFTER + 1]; /* steps, after so many nights */
	unsigned int in_range;		      /* of those, after the fourth night */
	unsigned int more;		      /* with more than one change */
};

static double percent(unsigned int rows)
{
	return 100.0 * rows / ROWS;
}

static void count_false(gsl_rng *random, enum noise noise, double deviation, struct tally *tally)
{
	const struct detector detector = DETECTOR_DEFAULTS;
	double ratios[NIGHTS];

	for (int row = 0; row < ROWS; row++) {
		bool ever = false;

		make_row(random, noise, deviation, NIGHTS, 1, ratios);
		for (size_t n = DETECTOR_NIGHTS_LEAST; n <= NIGHTS; n++) {
			struct detected *changes;
			size_t nr = detector_find(ratios, n, &detector, &changes);

			free(changes);
			ever |= nr > 0;
			tally->at_end += n == NIGHTS && nr;
		}
		tally->ever += ever;
	}
}

static bool is_near(size_t at, size_t step_at)
{
	return at + NEAR >= step_at && at <= step_at + NEAR;
}

static void look_at_step(const double *ratios, size_t step_at, size_t after, struct tally *tally)
{
	const struct detector detector = DETECTOR_DEFAULTS;
	struct detected *changes;
	size_t nr = detector_find(ratios, step_at + after, &detector, &changes);
	bool found = false;

	for (size_t i = 0; i < nr; i++) {
		bool near = is_near(changes[i].at, step_at);

		found |= near;
		tally->in_range += near && after == 4 && changes[i].good < step_at &&
				   changes[i].bad >= step_at;
	}
	tally->found[after] += found;
	tally->more += after == NIGHTS_AFTER && nr > 1;
	free(changes);
}

static void count_found(gsl_rng *random, enum noise noise, double deviation, double step,
			struct tally *tally)
{
	double ratios[NIGHTS];

	for (int row = 0; row < ROWS; row++) {
		size_t step_at =
			BEFORE_LEAST + gsl_rng_uniform_int(random, BEFORE_MOST - BEFORE_LEAST + 1);

		make_row(random, noise, deviation, step_at, step, ratios);
		for (size_t after = 3; after <= NIGHTS_AFTER; after++)
			look_at_step(ratios, step_at, after, tally);
	}
}

/* 1 if a bound is not held; the row of figures then ends in what it is of. */
static int bound(bool held, const char *what)
{
	if (!held)
		printf("  BOUND MISSED: %s", what);
	return !held;
}

static int judge(gsl_rng *random, enum noise noise, double deviation)
{
	struct tally tally = {0};
	int missed = 0;

	count_false(random, noise, deviation, &tally);
	printf("%6.1f %% %-9s %6.1f %% %6.1f %%", 100 * deviation, noises[noise],
	       percent(tally.ever), percent(tally.at_end));
	missed += bound(tally.at_end <= ROWS / 100, "false alarms, last night");
	if (deviation <= QUIET)
		missed += bound(tally.ever <= ROWS / 100, "false alarms, any night");
	for (int down = 0; down < 2; down++) {
		struct tally steps = {0};

		count_found(random, noise, deviation, down ? 1 / STEP : STEP, &steps);
		printf("  %s %5.1f %5.1f %5.1f %5.1f  %5.1f", down ? "-5" : "+5",
		       percent(steps.found[3]), percent(steps.found[4]), percent(steps.found[5]),
		       percent(steps.found[NIGHTS_AFTER]),
		       100.0 * steps.in_range / fmax(steps.found[4], 1));
		if (noise == NOISE_PLAIN)
			missed += bound(steps.found[4] >= ROWS * 95 / 100,
					"found by the fourth night");
		if (deviation <= QUIET)
			missed += bound(steps.more <= ROWS / 100, "false alarms beside a step");
	}
	printf("\n");
	return missed;
}

int main(void)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	int missed = 0;

	printf("Detector of changes in a history: %d rows of %d nights each, T = 2 %%, p < %g.\n"
	       "False alarms after any night, and after the last. Steps of +5 %% and -5 %% after "
	       "%d\n"
	       "to %d nights: found by the third, fourth, fifth and eighth night, %%; and how "
	       "often\n"
	       "the range to bisect, after the fourth, holds the step.\n\n",
	       ROWS, NIGHTS, DETECTOR_DEFAULTS.p, BEFORE_LEAST, BEFORE_MOST);
	printf("  nights           false alarms           3     4     5     8  range"
	       "         3     4     5     8  range\n"
	       "   vary noise          any     last\n");
	for (size_t i = 0; i < DEVIATIONS; i++) {
		for (enum noise noise = 0; noise < NOISES; noise++) {
			gsl_rng_set(random, 1 + i * NOISES + noise);
			missed += judge(random, noise, deviations[i]);
		}
	}
	gsl_rng_free(random);
	return missed ? 1 : 0;
}
