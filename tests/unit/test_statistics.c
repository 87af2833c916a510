/* SPDX-License-Identifier: GPL-2.0-only */
/* test_statistics.c - known values, and intervals that cover as often as they promise. */
#include "statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_known_values(void **state)
{
	const double odd[] = {5, 1, 3}, even[] = {4, 1, 3, 2}, ratios[] = {1, 10, 100};
	const double with_zero[] = {1, 0};

	(void)state;
	assert_float_equal(statistics_median(odd, 3), 3, 0);
	assert_float_equal(statistics_median(even, 4), 2.5, 0);
	assert_float_equal(statistics_quantile(even, 4, 0), 1, 0);
	assert_float_equal(statistics_quantile(even, 4, 1), 4, 0);
	assert_float_equal(statistics_quantile(odd, 3, 0.25), 2, 1e-12);
	assert_float_equal(statistics_geomean(ratios, 3), 10, 1e-12);
	assert_true(isnan(statistics_median(odd, 0)));
	assert_true(isnan(statistics_geomean(with_zero, 2)));
	assert_true(isnan(statistics_geomean(odd, 0)));
	assert_float_equal(odd[0], 5, 0); /* the caller's order is left alone */
}

/* Tables of the sign test: n = 12 at 95 % cuts two values off at either end. */
static void test_interval_ranks(void **state)
{
	static const struct {
		size_t n;
		double confidence, low, high;
	} table[] = {
		{6, 0.95, 1, 6},   {8, 0.95, 1, 8},    {9, 0.95, 2, 8},	  {12, 0.95, 3, 10},
		{20, 0.95, 6, 15}, {12, 0.995, 1, 12}, {12, 0.99, 2, 11}, {20, 0.99, 4, 17},
	};
	double values[20];

	(void)state;
	for (size_t i = 0; i < 20; i++)
		values[i] = (double)(i + 1);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct estimate got =
			statistics_median_interval(values, table[i].n, table[i].confidence);

		assert_float_equal(got.low, table[i].low, 0);
		assert_float_equal(got.high, table[i].high, 0);
	}
}

static void test_too_few(void **state)
{
	const double values[] = {1, 2, 3, 4, 5};
	struct estimate got = statistics_median_interval(values, 5, 0.95);

	(void)state;
	assert_true(isinf(got.low) && isinf(got.high));
	assert_float_equal(got.median, 3, 0);
	assert_int_equal(statistics_min_n(0.95), 6);
	assert_int_equal(statistics_min_n(0.995), 9);
	for (size_t n = 1; n <= 5; n++)
		assert_true(isinf(statistics_median_interval(values, n, 0.95).high));
}

static void test_log_ratio(void **state)
{
	double base[12], next[12];
	struct estimate got;

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		base[i] = 100 + (double)i;
		next[i] = 2 * base[i];
	}
	next[3] = 0; /* a pair without a logarithm is left out */
	got = statistics_log_ratio(base, next, 12, 0.95);
	assert_int_equal(got.n, 11);
	assert_float_equal(got.median, log(2), 1e-12);
	assert_float_equal(got.low, log(2), 1e-12);
	assert_float_equal(got.high, log(2), 1e-12);
}

static void test_family(void **state)
{
	(void)state;
	assert_float_equal(statistics_family_confidence(0.95, 1), 0.95, 1e-12);
	assert_float_equal(statistics_family_confidence(0.95, 10), 0.995, 1e-12);
	assert_float_equal(statistics_family_confidence(0.95, 0), 0.95, 1e-12);
}

static uint64_t seed;

static double uniform(void)
{
	uint64_t x = seed += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return ((double)((x ^ (x >> 31)) >> 11) + 0.5) * 0x1p-53;
}

/*
 * Of exponential values, about as skewed as block times get, the interval must miss the
 * true median (ln 2) as rarely as the exact binomial tails say.
 */
static double misses(size_t n, double confidence, size_t trials)
{
	double values[32];
	size_t missed = 0;

	seed = n;
	for (size_t trial = 0; trial < trials; trial++) {
		struct estimate got;

		for (size_t i = 0; i < n; i++)
			values[i] = -log(uniform());
		got = statistics_median_interval(values, n, confidence);
		missed += got.low > log(2) || got.high < log(2);
	}
	return (double)missed / (double)trials;
}

static void test_coverage(void **state)
{
	(void)state;
	/* The exact rates: 2 (1 + 12 + 66) / 2^12, then of n = 20, k = 5, and 2 (1 + 12) / 2^12. */
	assert_float_equal(misses(12, 0.95, 20000), 0.0386, 0.005);
	assert_float_equal(misses(20, 0.95, 20000), 0.0414, 0.005);
	assert_float_equal(misses(12, 0.99, 20000), 0.0063, 0.002);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_values), cmocka_unit_test(test_interval_ranks),
		cmocka_unit_test(test_too_few),	     cmocka_unit_test(test_log_ratio),
		cmocka_unit_test(test_family),	     cmocka_unit_test(test_coverage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
