/* SPDX-License-Identifier: GPL-2.0-only */
/* statistics.c - order statistics: medians, quantiles and their exact intervals. */
#include "statistics.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A sorted copy; NULL if there is nothing to copy. Dies without memory: n is small. */
static double *sorted(const double *values, size_t n)
{
	double *copy;

	if (!n)
		return NULL;
	copy = malloc(n * sizeof(*copy));
	if (!copy)
		abort();
	memcpy(copy, values, n * sizeof(*copy));
	gsl_sort(copy, 1, n);
	return copy;
}

/* Hyndman and Fan, "Sample quantiles in statistical packages" (1996), definition 7. */
double statistics_quantile(const double *values, size_t n, double q)
{
	double *copy = sorted(values, n), out;

	if (!copy)
		return NAN;
	out = gsl_stats_quantile_from_sorted_data(copy, 1, n, fmin(fmax(q, 0), 1));
	free(copy);
	return out;
}

double statistics_median(const double *values, size_t n)
{
	return statistics_quantile(values, n, 0.5);
}

double statistics_geomean(const double *values, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (!(values[i] > 0))
			return NAN;
		sum += log(values[i]);
	}
	return n ? exp(sum / (double)n) : NAN;
}

/*
 * How many values to cut off at either end: the most for which both tails together hold
 * at most 1 - confidence, so that the interval is [x(k+1), x(n-k)] of sorted x. The number
 * of values below the true median is binomial(n, 1/2). -1: not even all values suffice.
 */
static long values_outside(size_t n, double confidence)
{
	long k = -1;

	while (k + 1 < (long)n / 2 &&
	       2 * gsl_cdf_binomial_P((unsigned int)(k + 1), 0.5, (unsigned int)n) <=
		       1 - confidence)
		k++;
	return k;
}

struct estimate statistics_median_interval(const double *values, size_t n, double confidence)
{
	struct estimate out = {NAN, -INFINITY, INFINITY, n};
	double *copy = sorted(values, n);
	long k;

	if (!copy)
		return out;
	out.median = gsl_stats_median_from_sorted_data(copy, 1, n);
	k = values_outside(n, confidence);
	if (k >= 0) {
		out.low = copy[k];
		out.high = copy[(long)n - 1 - k];
	}
	free(copy);
	return out;
}

struct estimate statistics_log_ratio(const double *base, const double *next, size_t n,
				     double confidence)
{
	double *logs = malloc((n + 1) * sizeof(*logs));
	struct estimate out;
	size_t used = 0;

	if (!logs)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (base[i] > 0 && next[i] > 0)
			logs[used++] = log(next[i] / base[i]);
	}
	out = statistics_median_interval(logs, used, confidence);
	free(logs);
	return out;
}

size_t statistics_min_n(double confidence)
{
	/* The whole range of n values misses with probability 2 / 2^n. */
	return (size_t)fmax(1, ceil(1 - log2(1 - confidence)));
}

size_t statistics_robust_n(double confidence, size_t outliers)
{
	size_t n = statistics_min_n(confidence);

	while (values_outside(n, confidence) < (long)outliers)
		n++;
	return n;
}

double statistics_deviation(const double *values, size_t n)
{
	double median = statistics_median(values, n), *distances = malloc((n + 1) * sizeof(double));
	double out;

	if (!distances)
		abort();
	for (size_t i = 0; i < n; i++)
		distances[i] = fabs(values[i] - median);
	out = statistics_median(distances, n);
	free(distances);
	return out;
}

double statistics_family_confidence(double family, size_t rows)
{
	return 1 - (1 - family) / (double)(rows ? rows : 1);
}
