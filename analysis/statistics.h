/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * statistics.h - what the verdicts rest on: order statistics, exact and deterministic.
 *
 * Nothing here assumes a distribution, resamples or draws random numbers: the same file
 * gives the same verdict for ever. Values need not be sorted; none may be NAN.
 */
#ifndef ANALYSIS_STATISTICS_H
#define ANALYSIS_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

/* A median and its interval. Too few values: low and high are -INFINITY and INFINITY. */
struct estimate {
	double median, low, high;
	size_t n;
};

/* NAN if there are none. The quantile interpolates between its two neighbours (R's type 7). */
double statistics_median(const double *values, size_t n);
double statistics_quantile(const double *values, size_t n, double q);
/* Of values above 0; NAN if there are none or one is not. */
double statistics_geomean(const double *values, size_t n);

/*
 * The median with an interval that covers the true one with probability @confidence or
 * more, whatever the distribution: the sign test turned round (Thompson 1936; Conover,
 * Practical Nonparametric Statistics, section 3.2), binomial tails exact.
 */
struct estimate statistics_median_interval(const double *values, size_t n, double confidence);

/*
 * The same of ln(next[i] / base[i]): how two paired arms differ. Pairs in which a value is
 * not above 0 are left out.
 */
struct estimate statistics_log_ratio(const double *base, const double *next, size_t n,
				     double confidence);

/* Fewest values for which an interval of that confidence exists. */
size_t statistics_min_n(double confidence);
/* Fewest for which it stays as it is if @outliers of them at either end are anything at all. */
size_t statistics_robust_n(double confidence, size_t outliers);

/* Median distance from the median (MAD); NAN if there are none. */
double statistics_deviation(const double *values, size_t n);

/* What each of @rows intervals needs for all to hold at once at @family (Bonferroni). */
double statistics_family_confidence(double family, size_t rows);

#endif /* ANALYSIS_STATISTICS_H */
