/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * step.h - is there a step between two stretches of a row of values, and where exactly?
 *
 * The rules below follow from what makes false alarms on rows without a step: few nights that all
 * are high by chance, a mode that comes and goes, disturbed nights, a slow drift (measured:
 * tests/stats/history.c).
 */
#ifndef ANALYSIS_STEP_H
#define ANALYSIS_STEP_H

#include <stdbool.h>
#include <stddef.h>

/* Fewer nights on a side are not certain whatever they hold. */
#define STEP_NIGHTS_LEAST 3

struct step {
	size_t at;	      /* the first value after it */
	double before, after; /* medians of up to 10 values next to it */
	/*
	 * The smaller of two: ranks of both sides; and how many of either lie within half a step of
	 * the new level, where one that is far off, to whichever side, is one that does not.
	 */
	double p;
	bool large; /* holds to all the rules of size */
};

/*
 * Measure the step near @at between values[from] and values[to - 1], by up to @window values of
 * either side: its place is where medians of both sides leave the least (sum of absolute
 * deviations), up to 5 from @at. Large, it is @threshold or more; 2.5 times what single values
 * vary by before it; seen by no more than one of ten (or one) on either side, that lie beyond three
 * quarters of the way to the other level; and describes the 30 values next to it on either side
 * clearly better than a straight line.
 */
void step_measure(const double *values, size_t from, size_t at, size_t to, size_t window,
		  double threshold, struct step *step);

#endif /* ANALYSIS_STEP_H */
