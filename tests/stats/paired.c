/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * paired.c - how often verdicts on time are wrong, on made-up processes that run a core, its copy
 * and another core side by side; and what they would be by other rules.
 *
 * The unit is the process: its median ln ratio over blocks. What it varies by is the layout of
 * code and data and what else the machine does. Measured: two equal arms in 24 processes each, at a
 * load of 5 to 13 on 2 CPUs, had medians with a standard deviation (from the median deviation) of
 * 0.4 to 0.6 %, and one of 48 was off by 8 %. "neighbour" is that, with four times as many that
 * are off. Two cores of one file beside each other, with 16 blocks, at that load: 0.15 %
 * (page-pair) and 0.6 to 0.9 % (kmalloc-pair). "bursts" and "two modes" are worse than what was
 * seen, and "one layout" has what no interval over processes can see, and only a second invocation
 * may: a bias of all processes of an invocation.
 */
#include "judge.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define TRIALS	   2000
#define CONFIDENCE 0.95
#define MOST	   64 /* processes, widened */

/* All but the shares in ln ratio; of each of the three arms, so that pairs vary by sqrt(2) more. */
struct model {
	const char *name;
	double layout;	       /* standard deviation of an arm's level in a process */
	double modes, gap;     /* share of arms in a second mode, and how much slower it is */
	double outliers, size; /* share of arms disturbed, slower by so much in the mean */
	double shared;	       /* standard deviation of what an arm has in a whole invocation */
	bool promised;	       /* so it is on machines like ours; else worse than any seen */
};

static const struct model models[] = {
	{"quiet", 0.001, 0, 0, 0.005, 0.05, 0, true},
	{"layout", 0.0035, 0, 0, 0.01, 0.05, 0, true},
	{"two modes", 0.002, 0.25, 0.02, 0.01, 0.05, 0, false},
	{"neighbour", 0.004, 0, 0, 0.04, 0.1, 0, true},
	{"bursts", 0.006, 0, 0, 0.1, 0.2, 0, false},
	{"one layout", 0.002, 0, 0, 0.01, 0.05, 0.015, false},
};

/* What is planted, judged by which threshold. */
static const struct {
	double change, threshold;
} plants[] = {{0, 0.02}, {0, 0.01}, {0.05, 0.02}, {0.025, 0.01}};
#define PLANTS (sizeof(plants) / sizeof(*plants))

enum rule {
	RULE_OURS,	  /* widened once */
	RULE_NOT_WIDENED, /* the rest neither */
	RULE_NO_FLOOR,	  /* the threshold alone */
	RULE_WIDE_FLOOR,  /* half the 95 % interval of the copy */
	RULE_EACH,	  /* median of |ln ratio| of the copy */
	RULE_SIGNIFICANT, /* the interval excludes 0, and the median is beyond the threshold */
	RULES
};
static const char *const rules[RULES] = {"ours",       "not widened",	   "no floor",
					 "95 % floor", "median |.| floor", "significant"};

static double arm(gsl_rng *random, const struct model *model)
{
	double level = gsl_ran_gaussian(random, model->layout);

	if (gsl_rng_uniform(random) < model->modes)
		level += log1p(model->gap);
	if (gsl_rng_uniform(random) < model->outliers)
		level += log1p(gsl_ran_exponential(random, model->size));
	return level;
}

static double floor_by(enum rule rule, const double *copies, size_t n)
{
	double distance[MOST];
	struct estimate self;

	switch (rule) {
	case RULE_OURS:
	case RULE_NOT_WIDENED:
		return judge_floor(copies, n);
	case RULE_WIDE_FLOOR:
		self = statistics_median_interval(copies, n, 0.95);
		return (self.high - self.low) / 2;
	case RULE_EACH:
		for (size_t i = 0; i < n; i++)
			distance[i] = fabs(copies[i]);
		return statistics_median(distance, n);
	default:
		return 0;
	}
}

static enum verdict judge_by(enum rule rule, const double *next, const double *copies, size_t n,
			     double threshold, double confidence)
{
	double limit = fmax(log1p(threshold), JUDGE_FLOOR_FACTOR * floor_by(rule, copies, n));
	struct estimate change = statistics_median_interval(next, n, confidence);

	if (rule == RULE_SIGNIFICANT)
		return statistics_median_interval(next, n, CONFIDENCE).low > 0 &&
				       change.median > log1p(threshold)
			       ? VERDICT_REGRESSED
			       : VERDICT_UNCHANGED;
	return judge_interval(change.low, change.high, limit, BETTER_LOWER);
}

/* Of one invocation, by each rule: is the new core called slower? */
static void judge(gsl_rng *random, const struct model *model, size_t plant, size_t n,
		  double confidence, bool slower[RULES])
{
	double threshold = plants[plant].threshold, next[MOST], copies[MOST];
	double next_bias = gsl_ran_gaussian(random, model->shared);
	double copy_bias = gsl_ran_gaussian(random, model->shared);

	for (size_t i = 0; i < 2 * n; i++) {
		double base = arm(random, model);

		next[i] = log1p(plants[plant].change) + next_bias + arm(random, model) - base;
		copies[i] = copy_bias + arm(random, model) - base;
	}
	for (enum rule rule = 0; rule < RULES; rule++) {
		enum verdict verdict = judge_by(rule, next, copies, n, threshold, confidence);

		if (rule == RULE_OURS && verdict == VERDICT_INCONCLUSIVE)
			verdict = judge_by(rule, next, copies, 2 * n, threshold, confidence);
		slower[rule] = verdict == VERDICT_REGRESSED;
	}
}

/* How often called slower in one invocation and in both of two, of TRIALS. */
struct rate {
	unsigned int once, twice;
};

static void measure(gsl_rng *random, const struct model *model, size_t plant, size_t rows, size_t n,
		    struct rate rate[RULES])
{
	double confidence = statistics_family_confidence(CONFIDENCE, rows);

	for (enum rule rule = 0; rule < RULES; rule++)
		rate[rule] = (struct rate){0, 0};
	for (unsigned int trial = 0; trial < TRIALS; trial++) {
		bool first[RULES], second[RULES];

		judge(random, model, plant, n, confidence, first);
		judge(random, model, plant, n, confidence, second);
		for (enum rule rule = 0; rule < RULES; rule++) {
			rate[rule].once += first[rule];
			rate[rule].twice += first[rule] && second[rule];
		}
	}
}

static double percent(unsigned int count)
{
	return 100.0 * count / TRIALS;
}

static void put(const struct rate rate[PLANTS])
{
	for (size_t plant = 0; plant < PLANTS; plant++)
		printf("  %6.2f %6.2f", percent(rate[plant].once), percent(rate[plant].twice));
}

/* What must hold of ours; @sound: on machines like this one it is promised. */
static int bounds(const struct rate rate[PLANTS], bool sound)
{
	int missed = 0;

	if (sound)
		missed = rate[0].twice || rate[1].twice || percent(rate[2].twice) < 99 ||
			 percent(rate[3].twice) < 95;
	if (missed)
		printf("  BOUND MISSED");
	return missed;
}

static int by_rows(gsl_rng *random)
{
	static const size_t rows[] = {1, 10, 40};
	int missed = 0;

	printf("Ours, by rows judged together and processes. Called slower, %% of %d: in one "
	       "invocation,\nin both of two.\n\n"
	       "                          nothing at 2 %%  nothing at 1 %%     +5 %% at 2 %%  +2.5 "
	       "%% "
	       "at 1 %%\n"
	       "machine     rows    n    one   both      one   both      one   both      one   "
	       "both\n",
	       TRIALS);
	for (size_t m = 0; m < sizeof(models) / sizeof(*models); m++) {
		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
			size_t n = judge_processes(rows[i], CONFIDENCE);
			struct rate rate[PLANTS][RULES], ours[PLANTS];

			for (size_t plant = 0; plant < PLANTS; plant++) {
				measure(random, &models[m], plant, rows[i], n, rate[plant]);
				ours[plant] = rate[plant][RULE_OURS];
			}
			printf("%-11s %4zu %4zu", models[m].name, rows[i], n);
			put(ours);
			missed |= bounds(ours, models[m].promised);
			printf("\n");
		}
	}
	return missed;
}

static void by_rule(gsl_rng *random)
{
	const size_t rows = 10, n = judge_processes(rows, CONFIDENCE);

	printf("\nBy rule, %zu rows, %zu processes.\n\n", rows, n);
	for (size_t m = 0; m < sizeof(models) / sizeof(*models); m++) {
		struct rate rate[PLANTS][RULES], one[PLANTS];

		for (size_t plant = 0; plant < PLANTS; plant++)
			measure(random, &models[m], plant, rows, n, rate[plant]);
		for (enum rule rule = 0; rule < RULES; rule++) {
			for (size_t plant = 0; plant < PLANTS; plant++)
				one[plant] = rate[plant][rule];
			printf("%-11s %-16s", models[m].name, rules[rule]);
			put(one);
			printf("\n");
		}
	}
}

int main(void)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	int missed;

	gsl_rng_set(random, 1);
	missed = by_rows(random);
	by_rule(random);
	gsl_rng_free(random);
	return missed;
}
