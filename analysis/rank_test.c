/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rank_test.c - exact tests of two samples: ranks, and numbers beyond a line.
 *
 * GSL has no distribution of the rank sum, so it is counted here, in two ways. The number of ways
 * to choose m of m + n different values so that U is u is the coefficient of q^u in the Gaussian
 * binomial coefficient [m + n over m] (Mann and Whitney 1947, section 3): polynomials multiplied
 * and divided in place. Equal values share a rank, which spoils that; then ways to reach each sum
 * of doubled ranks are counted value by value, which takes some hundred times as long.
 */
#include "rank_test.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Steps that counting with ties may take: 5 ms. */
#define TIED_STEPS_MAX 4e6

struct ranked {
	double value;
	bool first; /* of the smaller sample */
};

static int by_value(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	return (a->value > b->value) - (a->value < b->value);
}

/* What is left of them, after which only sums are needed. */
struct ranks {
	size_t m, n;	 /* values of the smaller sample, and of the other */
	size_t *doubled; /* ranks of all, times 2, so that shared ones are whole */
	size_t sum;	 /* of those of the smaller sample */
	double ties;	 /* sum of t^3 - t over groups of t equal values */
};

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static void rank(struct ranks *ranks, const double *a, const double *b)
{
	size_t all = ranks->m + ranks->n, end;
	struct ranked *sorted = must(calloc(all, sizeof(*sorted)));

	for (size_t i = 0; i < all; i++)
		sorted[i] = i < ranks->m ? (struct ranked){a[i], true}
					 : (struct ranked){b[i - ranks->m], false};
	qsort(sorted, all, sizeof(*sorted), by_value);
	for (size_t i = 0; i < all; i = end) {
		double t;

		for (end = i + 1; end < all && sorted[end].value == sorted[i].value;)
			end++;
		t = (double)(end - i);
		ranks->ties += t * t * t - t;
		for (size_t j = i; j < end; j++) {
			ranks->doubled[j] = i + end + 1;
			ranks->sum += sorted[j].first ? i + end + 1 : 0;
		}
	}
	free(sorted);
}

/* Ways to have U of @u at most, all values different: @u is in the lower half. */
static double count_untied(size_t m, size_t n, size_t u)
{
	double *ways = must(calloc(u + 1, sizeof(*ways))), sum = 0;

	ways[0] = 1;
	for (size_t i = 1; i <= m; i++) {
		for (size_t j = u; j >= n + i; j--)
			ways[j] -= ways[j - n - i];
		for (size_t j = i; j <= u; j++)
			ways[j] += ways[j - i];
	}
	for (size_t j = 0; j <= u; j++)
		sum += ways[j];
	free(ways);
	return sum;
}

/* Ways to choose m of all so that the sum of doubled ranks is @sum at most. */
static double count_tied(const struct ranks *ranks, size_t sum)
{
	size_t m = ranks->m, width = sum + 1;
	double *ways = must(calloc((m + 1) * width, sizeof(*ways))), out = 0;

	ways[0] = 1;
	for (size_t i = 0; i < m + ranks->n; i++) {
		size_t rank = ranks->doubled[i];

		for (size_t k = i < m ? i + 1 : m; k; k--) {
			double *to = ways + k * width, *from = ways + (k - 1) * width;

			for (size_t s = rank; s <= sum; s++)
				to[s] += from[s - rank];
		}
	}
	for (size_t s = 0; s <= sum; s++)
		out += ways[m * width + s];
	free(ways);
	return out;
}

/* Lehmann, Nonparametrics, section 1.4: variance with ties, continuity corrected by a half. */
static double by_normal(const struct ranks *ranks)
{
	double m = (double)ranks->m, n = (double)ranks->n, all = m + n;
	double off = fabs((double)ranks->sum / 2 - m * (all + 1) / 2) - 0.5;
	double variance = m * n / 12 * (all + 1 - ranks->ties / (all * (all - 1)));

	return variance > 0 ? fmin(1, 2 * gsl_cdf_ugaussian_Q(fmax(off, 0) / sqrt(variance))) : 1;
}

static double probability(struct ranks *ranks)
{
	size_t m = ranks->m, all = m + ranks->n, least = m * (m + 1);
	/* An upper tail is the lower one of ranks counted from the other end. */
	size_t mirrored = 2 * m * (all + 1) - ranks->sum;
	size_t sum = ranks->sum < mirrored ? ranks->sum : mirrored;
	double ways;

	for (size_t i = 0; sum != ranks->sum && i < all; i++)
		ranks->doubled[i] = 2 * (all + 1) - ranks->doubled[i];
	if (ranks->ties == 0)
		ways = count_untied(m, ranks->n, (sum - least) / 2);
	else if ((double)m * (double)all * (double)sum > TIED_STEPS_MAX)
		return by_normal(ranks);
	else
		ways = count_tied(ranks, sum);
	return fmin(1, 2 * ways * exp(-gsl_sf_lnchoose((unsigned int)all, (unsigned int)m)));
}

double rank_test(const double *a, size_t n_a, const double *b, size_t n_b)
{
	struct ranks ranks = {.m = n_a < n_b ? n_a : n_b, .n = n_a < n_b ? n_b : n_a};
	double p;

	if (!ranks.m)
		return 1;
	ranks.doubled = must(calloc(n_a + n_b, sizeof(*ranks.doubled)));
	rank(&ranks, n_a < n_b ? a : b, n_a < n_b ? b : a);
	p = probability(&ranks);
	free(ranks.doubled);
	return p;
}

static unsigned int count_beyond(const double *values, size_t n, double line, bool below)
{
	unsigned int count = 0;

	for (size_t i = 0; i < n; i++)
		count += below ? values[i] < line : values[i] > line;
	return count;
}

double line_test(const double *a, size_t n_a, const double *b, size_t n_b, double line, bool below)
{
	unsigned int of_a = count_beyond(a, n_a, line, below);
	unsigned int of_b = count_beyond(b, n_b, line, below);
	unsigned int beyond = of_a + of_b, all = (unsigned int)(n_a + n_b);

	if (!n_a || !n_b || !of_b)
		return 1;
	return fmin(
		1, 2 * gsl_cdf_hypergeometric_Q(of_b - 1, beyond, all - beyond, (unsigned int)n_b));
}
