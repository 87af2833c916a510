/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * edivisive.c - weak points by energy distances.
 *
 * With the sums of |x - y| over all rectangles of the matrix of distances at hand, each of the
 * t and k costs a few additions: a window costs as much as it has pairs of values.
 *
 * Distances are taken between ranks within the window. A night at which the machine stood still
 * is then the highest value and no more; by the values themselves it draws the split to itself
 * (rates: make stats-check).
 */
#include "edivisive.h"
#include "rank_test.h"

#include <gsl/gsl_permutation.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

/* sum[i * (n + 1) + j]: of |values[a] - values[b]| over a < i, b < j. */
static double *sum_distances(const double *values, size_t n)
{
	double *sum = must(calloc((n + 1) * (n + 1), sizeof(*sum)));

	for (size_t i = 1; i <= n; i++) {
		double row = 0;

		for (size_t j = 1; j <= n; j++) {
			row += fabs(values[i - 1] - values[j - 1]);
			sum[i * (n + 1) + j] = sum[(i - 1) * (n + 1) + j] + row;
		}
	}
	return sum;
}

/* Mean distance over pairs of different values of [from, to). */
static double within(const double *sum, size_t n, size_t from, size_t to)
{
	double pairs = (double)(to - from) * (double)(to - from - 1), all;

	all = sum[to * (n + 1) + to] - sum[from * (n + 1) + to] - sum[to * (n + 1) + from] +
	      sum[from * (n + 1) + from];
	return pairs > 0 ? all / pairs : 0;
}

size_t edivisive_best(const double *values, size_t n, size_t least, size_t *end)
{
	double *sum, most = -INFINITY;
	size_t best = 0;

	*end = n;
	if (n < 2 * least)
		return 0;
	sum = sum_distances(values, n);
	for (size_t t = least; t + least <= n; t++) {
		double before = within(sum, n, 0, t);

		for (size_t k = t + least; k <= n; k++) {
			double x = (double)t, y = (double)(k - t);
			double between = (sum[t * (n + 1) + k] - sum[t * (n + 1) + t]) / (x * y);
			double q = x * y / (x + y) * (2 * between - before - within(sum, n, t, k));

			if (q > most) {
				most = q;
				best = t;
				*end = k;
			}
		}
	}
	free(sum);
	return best;
}

/* Equal values share a rank. */
static void rank_values(const double *values, size_t n, double *ranks)
{
	size_t *order = must(calloc(n, sizeof(*order))), end;

	gsl_sort_index(order, values, 1, n);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && values[order[end]] == values[order[i]];)
			end++;
		for (size_t j = i; j < end; j++)
			ranks[order[j]] = (double)(i + end - 1) / 2;
	}
	free(order);
}

struct weak {
	size_t least;
	double p;
	bool *is; /* of each value of the row: a segment may begin there */
};

static void split(struct weak *weak, const double *ranks, size_t from, size_t to)
{
	size_t end, t = edivisive_best(ranks + from, to - from, weak->least, &end);

	if (!t || rank_test(ranks + from, t, ranks + from + t, end - t) > weak->p)
		return;
	weak->is[from + t] = true;
	split(weak, ranks, from, from + t);
	split(weak, ranks, from + t, to);
}

size_t edivisive_weak(const double *values, size_t n, size_t window, size_t least, double p,
		      size_t *places)
{
	struct weak weak = {least, p, must(calloc(n + 1, sizeof(bool)))};
	double *ranks = must(calloc(window, sizeof(*ranks)));
	size_t found = 0;
	bool *all = weak.is;

	for (size_t from = 0; from < n; from += window / 2) {
		size_t length = n - from < window ? n - from : window;

		rank_values(values + from, length, ranks);
		weak.is = all + from;
		split(&weak, ranks, 0, length);
		if (from + length == n)
			break;
	}
	for (size_t i = 1; i < n; i++)
		if (all[i])
			places[found++] = i;
	free(ranks);
	free(all);
	return found;
}
