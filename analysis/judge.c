/* SPDX-License-Identifier: GPL-2.0-only */
/* judge.c - see judge.h. */
#include "judge.h"

#include <math.h>

/*
 * Half of it is the probable error of a median (Bessel 1815): chance is as often within it as
 * beyond. Three of these are about two standard errors, whatever the distribution. A wider one, as
 * of 95 %, would with 15 processes set a limit that hides 2.5 % where layout moves a process by
 * 0.5 %; the median of |ln ratio|, which does not shrink with more processes, always would.
 */
#define FLOOR_CONFIDENCE 0.5
/* Of 48 processes on a machine with five times as much to do as CPUs, one was off by 8 %. */
#define OUTLIERS 3

enum verdict judge_interval(double low, double high, double limit, enum better better)
{
	if (!isfinite(low) || !isfinite(limit))
		return VERDICT_INCONCLUSIVE;
	if (low > limit)
		return better == BETTER_HIGHER ? VERDICT_IMPROVED : VERDICT_REGRESSED;
	if (high < -limit)
		return better == BETTER_HIGHER ? VERDICT_REGRESSED : VERDICT_IMPROVED;
	if (low > -limit && high < limit)
		return VERDICT_UNCHANGED;
	return VERDICT_INCONCLUSIVE;
}

double judge_floor(const double *copies, size_t n)
{
	struct estimate self = statistics_median_interval(copies, n, FLOOR_CONFIDENCE);

	return isfinite(self.high) ? fmax(fabs(self.median), (self.high - self.low) / 2) : INFINITY;
}

double judge_effect(const double *logs, size_t n)
{
	double deviation = statistics_deviation(logs, n);

	return deviation > 0 ? fabs(statistics_median(logs, n)) / deviation : NAN;
}

size_t judge_processes(size_t rows, double confidence)
{
	return statistics_robust_n(statistics_family_confidence(confidence, rows), OUTLIERS);
}
