/* SPDX-License-Identifier: GPL-2.0-only */
/* test_detector.c - rank test and E-divisive against enumeration and formulas; known changes. */
#include "detector.h"
#include "edivisive.h"
#include "rank_test.h"

#include <math.h>
#include <stdlib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define ALL_MAX 14

/* Deterministic values in [0, below). */
static unsigned int draw(unsigned int *seed, unsigned int below)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed / 65536 % below;
}

/* Twice the number of pairs in which a value that @of has is larger; half of that if equal. */
static unsigned int pairs_won(const double *values, size_t n, unsigned int of)
{
	unsigned int won = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			if ((of >> i & 1) && !(of >> j & 1))
				won += values[i] > values[j] ? 2 : values[i] == values[j];
	return won;
}

/* All ways to choose @m of @n values, one by one. */
static double by_enumeration(const double *values, size_t m, size_t n)
{
	unsigned int seen = pairs_won(values, n, (1U << m) - 1), ways = 0, low = 0, high = 0;

	for (unsigned int of = 0; of < 1U << n; of++) {
		unsigned int won;

		if ((size_t)__builtin_popcount(of) != m)
			continue;
		won = pairs_won(values, n, of);
		ways++;
		low += won <= seen;
		high += won >= seen;
	}
	/* The tail that the sum lies in, as seen from its mean. */
	return fmin(1, 2.0 * (seen <= m * (n - m) ? low : high) / ways);
}

static void test_rank_test_counts_all_ways(void **state)
{
	double values[ALL_MAX];
	unsigned int seed = 1;

	(void)state;
	for (int round = 0; round < 300; round++) {
		size_t n = 2 + draw(&seed, ALL_MAX - 2), m = 1 + draw(&seed, (unsigned int)n - 1);
		/* Few different values: ties; many: none, as a rule. */
		unsigned int below = round % 3 ? 30000 : 6;

		for (size_t i = 0; i < n; i++)
			values[i] = draw(&seed, below);
		assert_float_equal(rank_test(values, m, values + m, n - m),
				   by_enumeration(values, m, n), 1e-12);
	}
}

/* Ties change little among many: exact, and by the normal distribution where that is too much. */
static void test_rank_test_of_many(void **state)
{
	double values[400], whole[400];
	unsigned int seed = 7;

	(void)state;
	for (size_t i = 0; i < 400; i++) {
		values[i] = draw(&seed, 30000) + i * 1e-3;
		whole[i] = floor(values[i] / 100);
	}
	assert_float_equal(rank_test(values, 50, values + 50, 50),
			   rank_test(whole, 50, whole + 50, 50), 0.01);
	assert_float_equal(rank_test(values, 200, values + 200, 200),
			   rank_test(whole, 200, whole + 200, 200), 0.01);
	/* Nothing above: 1 of (53 over 3) ways, and as many the other way round. */
	for (size_t i = 0; i < 53; i++)
		values[i] = (double)i;
	assert_float_equal(rank_test(values, 50, values + 50, 3), 2 / 23426.0, 1e-12);
	assert_float_equal(rank_test(values + 50, 3, values, 50), 2 / 23426.0, 1e-12);
	assert_float_equal(rank_test(values, 0, values, 50), 1, 0);
	for (size_t i = 0; i < 53; i++)
		values[i] = 1;
	assert_float_equal(rank_test(values, 50, values + 50, 3), 1, 1e-12);
}

static double choose(unsigned int n, unsigned int k)
{
	double ways = 1;

	for (unsigned int i = 0; i < k; i++)
		ways = ways * (n - i) / (i + 1);
	return ways;
}

static void test_line_test_is_fishers(void **state)
{
	/* 1 of 8 and 4 of 5 are beyond 10. */
	const double a[] = {1, 2, 3, 4, 5, 6, 7, 11}, b[] = {12, 13, 14, 15, 3};
	double p = (choose(5, 4) * choose(8, 1) + choose(5, 5)) / choose(13, 5);

	(void)state;
	assert_float_equal(line_test(a, 8, b, 5, 10, false), 2 * p, 1e-12);
	assert_float_equal(line_test(a, 8, b, 5, 10, true), 1, 0);
	assert_float_equal(line_test(a, 8, b, 5, 100, false), 1, 0);
}

/* The energy distance as Matteson and James define it, pair by pair. */
static double energy(const double *x, size_t m, const double *y, size_t n)
{
	double between = 0, in_x = 0, in_y = 0;

	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < n; j++)
			between += fabs(x[i] - y[j]);
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < i; j++)
			in_x += fabs(x[i] - x[j]);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			in_y += fabs(y[i] - y[j]);
	return (double)(m * n) / (double)(m + n) *
	       (2 * between / (double)(m * n) - in_x / choose((unsigned int)m, 2) -
		in_y / choose((unsigned int)n, 2));
}

static void test_edivisive_takes_the_largest_distance(void **state)
{
	double values[30];
	unsigned int seed = 3;

	(void)state;
	for (int round = 0; round < 50; round++) {
		size_t n = 6 + draw(&seed, 25), end, place;
		double most = -INFINITY;

		for (size_t i = 0; i < n; i++)
			values[i] = draw(&seed, 1000) + (i > n / 2 ? 500 : 0);
		place = edivisive_best(values, n, 3, &end);
		for (size_t t = 3; t + 3 <= n; t++)
			for (size_t k = t + 3; k <= n; k++)
				most = fmax(most, energy(values, t, values + t, k - t));
		assert_in_range(place, 3, n - 3);
		assert_in_range(end, place + 3, n);
		assert_float_equal(energy(values, place, values + place, end - place), most, 1e-6);
	}
	assert_int_equal(edivisive_best(values, 5, 3, &(size_t){0}), 0);
}

/* About 1, off by 0.5 % at most, without a pattern. */
static void make_level(double *values, size_t n, double level)
{
	unsigned int seed = 11;

	for (size_t i = 0; i < n; i++)
		values[i] = level * (1 + (draw(&seed, 1001) - 500.0) * 1e-5);
}

static size_t find(const double *values, size_t n, struct detected *first)
{
	const struct detector detector = DETECTOR_DEFAULTS;
	struct detected *changes;
	size_t nr = detector_find(values, n, &detector, &changes);

	if (nr)
		*first = changes[0];
	free(changes);
	return nr;
}

static void test_a_step_is_found_where_it_is(void **state)
{
	struct detected change;
	double values[200];

	(void)state;
	make_level(values, 200, 1);
	assert_int_equal(find(values, 200, &change), 0);
	make_level(values + 30, 170, 1.05);
	/* Two nights tell nothing, four all; and it stays where it is as nights go by. */
	assert_int_equal(find(values, 32, &change), 0);
	for (size_t n = 34; n <= 200; n++) {
		assert_int_equal(find(values, n, &change), 1);
		assert_int_equal(change.at, 30);
		assert_int_equal(change.good, 29);
		assert_int_equal(change.bad, 30);
		assert_float_equal(change.after / change.before, 1.05, 0.005);
		assert_true(change.p < 2e-4);
	}
}

static void test_several_steps(void **state)
{
	struct detected *changes;
	const struct detector detector = DETECTOR_DEFAULTS;
	double values[160];

	(void)state;
	make_level(values, 40, 1);
	make_level(values + 40, 30, 1.1);
	make_level(values + 70, 12, 1.04);
	make_level(values + 82, 78, 0.9);
	assert_int_equal(detector_find(values, 160, &detector, &changes), 3);
	assert_int_equal(changes[0].at, 40);
	assert_int_equal(changes[1].at, 70);
	assert_int_equal(changes[2].at, 82);
	free(changes);
}

/* A night that stands out; a level that is off by less than what matters; few nights. */
static void test_what_is_no_change(void **state)
{
	struct detected change;
	double values[60];

	(void)state;
	make_level(values, 60, 1);
	values[30] = values[59] = values[58] = 1.4;
	assert_int_equal(find(values, 60, &change), 0);
	make_level(values, 30, 1);
	make_level(values + 30, 30, 1.015);
	assert_int_equal(find(values, 60, &change), 0);
	make_level(values, 7, 1);
	make_level(values + 7, 8, 1.2);
	assert_int_equal(find(values, DETECTOR_NIGHTS_LEAST - 1, &change), 0);
	make_level(values, 8, 1);
	make_level(values + 8, 8, 1.2);
	assert_int_equal(find(values, DETECTOR_NIGHTS_LEAST, &change), 1);
	for (size_t n = 0; n < 3; n++)
		assert_int_equal(find(values, n, &change), 0);
}

static void test_counts_change_at_once(void **state)
{
	double values[25];
	struct detected *changes;

	(void)state;
	for (size_t i = 0; i < 25; i++)
		values[i] = i < 24 ? 1000 : 1001;
	assert_int_equal(detector_find_exact(values, 25, 0, &changes), 1);
	assert_int_equal(changes[0].at, 24);
	assert_float_equal(changes[0].after, 1001, 0);
	assert_float_equal(changes[0].p, 0, 0);
	free(changes);
	assert_int_equal(detector_find_exact(values, 25, 0.005, &changes), 0);
	free(changes);
	assert_int_equal(detector_find_exact(values, 24, 0, &changes), 0);
	free(changes);
	assert_int_equal(detector_find_exact(values, 0, 0, &changes), 0);
	free(changes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rank_test_counts_all_ways),
		cmocka_unit_test(test_rank_test_of_many),
		cmocka_unit_test(test_line_test_is_fishers),
		cmocka_unit_test(test_edivisive_takes_the_largest_distance),
		cmocka_unit_test(test_a_step_is_found_where_it_is),
		cmocka_unit_test(test_several_steps),
		cmocka_unit_test(test_what_is_no_change),
		cmocka_unit_test(test_counts_change_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
