/* SPDX-License-Identifier: GPL-2.0-only */
/* step.c - places, levels and certainty of steps. */
#include "step.h"
#include "rank_test.h"
#include "statistics.h"

#include <math.h>
#include <stdlib.h>

/* Nights whose median is a level. More: a slow drift looks like steps; fewer: levels are noise. */
#define LEVEL_NIGHTS 10
/* How far a weak point may be from the step: as far as noise moves it. */
#define PLACE_NIGHTS 5
/* Standard deviations a step is large by. More: 5 % is not found where nights vary by 1 %. */
#define DEVIATIONS 2.5
/* From median absolute to standard deviation, of normal values. */
#define NORMAL_SCALE 1.4826
/* Share of nights on one side that may look like the other. */
#define STRAY_SHARE 0.1
/* What a step may leave of the deviations from a line, and nights that are looked at. */
#define LINE_SHARE  0.9
#define LINE_NIGHTS 30

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Sum of absolute deviations from the median. */
static double deviations(const double *values, size_t n)
{
	double median = statistics_median(values, n), sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += fabs(values[i] - median);
	return sum;
}

/* The same from a line whose slope is the median of slopes of all pairs (Theil 1950, Sen 1968). */
static double deviations_from_line(const double *values, size_t n)
{
	double *slopes = must(calloc(n * n, sizeof(*slopes))), slope, sum;
	size_t nr = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			slopes[nr++] = (values[j] - values[i]) / (double)(j - i);
	slope = statistics_median(slopes, nr);
	for (size_t i = 0; i < n; i++)
		slopes[i] = values[i] - slope * (double)i;
	sum = deviations(slopes, n);
	free(slopes);
	return sum;
}

static size_t place(const double *values, size_t from, size_t at, size_t to)
{
	size_t first = at > from + STEP_NIGHTS_LEAST + PLACE_NIGHTS ? at - PLACE_NIGHTS
								    : from + STEP_NIGHTS_LEAST;
	double least = INFINITY;
	size_t best = at;

	for (size_t t = first; t <= at + PLACE_NIGHTS && t + STEP_NIGHTS_LEAST <= to; t++) {
		double left = deviations(values + from, t - from) + deviations(values + t, to - t);

		if (left < least) {
			least = left;
			best = t;
		}
	}
	return best;
}

/* The values on either side of a step. */
struct sides {
	const double *left, *right;
	size_t before, after;
};

/* How many lie beyond three quarters of the way from @level to @other. */
static bool strays(const double *values, size_t n, double level, double other)
{
	double way = other - level, count = 0;

	for (size_t i = 0; i < n; i++)
		count += (values[i] - level) / way > 0.75;
	return count > fmax(STRAY_SHARE * (double)n, 1);
}

static double typical_deviation(const double *values, size_t n)
{
	double *off = must(calloc(n, sizeof(*off))), median = statistics_median(values, n), out;

	for (size_t i = 0; i < n; i++)
		off[i] = fabs(values[i] - median);
	out = statistics_median(off, n) * NORMAL_SCALE;
	free(off);
	return out;
}

static bool is_large(const struct sides *sides, const struct step *step, double threshold)
{
	double size = fabs(step->after - step->before);
	size_t before = least_of(sides->before, LINE_NIGHTS);
	size_t after = least_of(sides->after, LINE_NIGHTS);
	const double *near = sides->right - before;

	if (size < threshold || size < DEVIATIONS * typical_deviation(sides->left, sides->before) ||
	    strays(sides->left, sides->before, step->before, step->after) ||
	    strays(sides->right, sides->after, step->after, step->before))
		return false;
	return deviations(near, before) + deviations(sides->right, after) <=
	       LINE_SHARE * deviations_from_line(near, before + after);
}

/* By distances from the new level: those of half a step or less are there. */
static double level_test(const struct sides *sides, const struct step *step)
{
	double *off = must(calloc(sides->before + sides->after, sizeof(*off))), p;

	for (size_t i = 0; i < sides->before; i++)
		off[i] = fabs(sides->left[i] - step->after);
	for (size_t i = 0; i < sides->after; i++)
		off[sides->before + i] = fabs(sides->right[i] - step->after);
	p = line_test(off, sides->before, off + sides->before, sides->after,
		      fabs(step->after - step->before) / 2, true);
	free(off);
	return p;
}

void step_measure(const double *values, size_t from, size_t at, size_t to, size_t window,
		  double threshold, struct step *step)
{
	size_t near = least_of(at - from, window), far = least_of(to - at, window);
	struct sides sides;

	step->at = place(values, at - near, at, at + far);
	sides = (struct sides){
		.before = least_of(step->at - from, window),
		.after = least_of(to - step->at, window),
	};
	sides.right = values + step->at;
	sides.left = sides.right - sides.before;
	near = least_of(sides.before, LEVEL_NIGHTS);
	step->before = statistics_median(sides.right - near, near);
	step->after = statistics_median(sides.right, least_of(sides.after, LEVEL_NIGHTS));
	step->p = fmin(rank_test(sides.left, sides.before, sides.right, sides.after),
		       level_test(&sides, step));
	step->large = is_large(&sides, step, threshold);
}
