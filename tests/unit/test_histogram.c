/* SPDX-License-Identifier: GPL-2.0-only */
/* test_histogram.c - the log-linear histogram and the heat columns against exact answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "heat.h"
#include "histogram.h"
#include "random.h"

static void every_bucket_starts_where_the_last_one_ends(void **state)
{
	(void)state;
	for (unsigned int sub_bits = 2; sub_bits <= HISTOGRAM_SUB_BITS; sub_bits += 4) {
		unsigned int last = histogram_index(UINT64_MAX, sub_bits);

		assert_int_equal(last, ((64 - sub_bits + 1) << sub_bits) - 1);
		for (unsigned int i = 0; i <= last; i++) {
			uint64_t low = histogram_low(i, sub_bits);

			assert_int_equal(histogram_index(low, sub_bits), i);
			if (i)
				assert_int_equal(histogram_index(low - 1, sub_bits), i - 1);
		}
	}
}

static void a_value_is_known_to_0_8_percent(void **state)
{
	struct bench_random random;

	(void)state;
	bench_random_seed(&random, 1, 0);
	for (int i = 0; i < 1000000; i++) {
		uint64_t value = bench_random(&random) >> bench_random_below(&random, 63);
		unsigned int index = histogram_index(value, HISTOGRAM_SUB_BITS);
		uint64_t low = histogram_low(index, HISTOGRAM_SUB_BITS);
		uint64_t width = index + 1 < HISTOGRAM_BUCKETS
					 ? histogram_low(index + 1, HISTOGRAM_SUB_BITS) - low
					 : -low;
		double middle = low + width / 2;

		assert_true(value >= low);
		assert_true(value - low < width);
		if (value)
			assert_true((middle > value ? middle - value : value - middle) / value <
				    0.0079);
	}
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

#define VALUES 20000
static void quantiles_match_a_sort(void **state)
{
	static const uint32_t wanted[] = {0, 1000, 50000, 90000, 99000, 99900, 99999, 100000};
	struct histogram *all = calloc(1, sizeof(*all)), *part = calloc(1, sizeof(*part));
	uint64_t *values = calloc(VALUES, sizeof(*values));
	struct bench_random random;

	(void)state;
	bench_random_seed(&random, 7, 0);
	for (int i = 0; i < VALUES; i++) {
		values[i] = 20 + (bench_random(&random) >> (30 + bench_random_below(&random, 30)));
		histogram_add(i % 2 ? all : part, values[i]);
	}
	histogram_merge(all, part);
	qsort(values, VALUES, sizeof(*values), by_value);
	assert_int_equal(all->n, VALUES);
	assert_int_equal(all->min, values[0]);
	assert_int_equal(all->max, values[VALUES - 1]);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		size_t rank = (VALUES * (uint64_t)wanted[i] + 99999) / 100000;
		double exact = values[rank ? rank - 1 : 0];
		double got = histogram_quantile(all, wanted[i]);

		assert_true(got >= exact * 0.992 && got <= exact * 1.008);
	}
	assert_int_equal(histogram_quantile(all, 100000), values[VALUES - 1]);
	free(values);
	free(part);
	free(all);
}

static void a_reset_leaves_nothing(void **state)
{
	struct histogram *histogram = calloc(1, sizeof(*histogram));
	static const struct histogram empty;

	(void)state;
	histogram_add(histogram, 0);
	histogram_add(histogram, UINT64_MAX);
	histogram_add(histogram, 12345);
	histogram_reset(histogram);
	assert_memory_equal(histogram, &empty, sizeof(empty));
	assert_int_equal(histogram_quantile(histogram, 50000), 0);
	free(histogram);
}

static void heat_keeps_every_operation_while_columns_merge(void **state)
{
	struct heat *heat = calloc(1, sizeof(*heat));
	struct histogram *slice = calloc(1, sizeof(*slice));
	uint64_t n = 0, rows = 0, max = 0;

	(void)state;
	heat_init(heat, 10);
	for (uint64_t i = 0; i < 5000; i++) {
		histogram_add(slice, 100 + i % 37);
		if (i == 3210)
			histogram_add(slice, 1000000);
		heat_add(heat, slice, 7);
		histogram_reset(slice);
	}
	assert_in_range(heat->used, HEAT_COLUMNS / 2, HEAT_COLUMNS);
	assert_true(heat->used * heat->width >= heat->now - 7);
	for (unsigned int c = 0; c < HEAT_COLUMNS; c++) {
		n += heat->column[c].n;
		for (unsigned int r = 0; r < HEAT_ROWS; r++)
			rows += heat->column[c].count[r];
		if (heat->column[c].max > max)
			max = heat->column[c].max;
		if (c == 3210 * 7 / heat->width)
			assert_int_equal(heat->column[c].max, 1000000);
	}
	assert_int_equal(n, 5001);
	assert_int_equal(rows, 5001);
	assert_int_equal(max, 1000000);
	free(slice);
	free(heat);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_bucket_starts_where_the_last_one_ends),
		cmocka_unit_test(a_value_is_known_to_0_8_percent),
		cmocka_unit_test(quantiles_match_a_sort),
		cmocka_unit_test(a_reset_leaves_nothing),
		cmocka_unit_test(heat_keeps_every_operation_while_columns_merge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
