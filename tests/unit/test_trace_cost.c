/* SPDX-License-Identifier: GPL-2.0-only */
/* test_trace_cost.c - known costs of tracing found again in noise and drift, and none where none
 * is. */
#include "trace_cost.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define PAIRS 100

static double out[PAIRS], in[PAIRS];

/* -1 to 1, the same each time (MMIX's linear congruential generator). */
static double random_next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(*state >> 11) / 0x1p52 - 1;
}

/*
 * Blocks in the order of measuring, out in in out; each is slower than the last by @drift of 1,000
 * ns, has noise of @noise, and now and then a neighbour's burst.
 */
static void make(uint64_t seed, size_t n, double cost, double drift, double noise)
{
	uint64_t state = seed * 977;

	for (size_t block = 0; block < 2 * n; block++) {
		bool probes = (block + 1) / 2 % 2;
		double ns = 1000 * (1 + drift * (double)block);

		ns += 1000 * noise * random_next(&state);
		if (random_next(&state) > 0.9)
			ns *= 2;
		if (probes)
			in[block / 2] = ns + cost;
		else
			out[block / 2] = ns;
	}
}

static void test_known_cost(void **state)
{
	struct trace_cost cost;

	(void)state;
	/* Two events an operation of 80 ns each. */
	make(1, PAIRS, 160, 0, 0.02);
	cost = trace_cost(out, in, PAIRS, 2);
	assert_string_equal(cost.why, "");
	assert_true(cost.event_ns.low < 80 && 80 < cost.event_ns.high);
	assert_true(cost.event_ns.high - cost.event_ns.low < 8);
	assert_true(cost.share.low < 0.16 && 0.16 < cost.share.high);
	assert_true(cost.disturbed);
	/* Half an event, dear, and a share that is small. */
	make(2, PAIRS, 20, 0, 0.01);
	cost = trace_cost(out, in, PAIRS, 0.5);
	assert_true(cost.event_ns.low < 40 && 40 < cost.event_ns.high);
	assert_true(cost.event_ns.low > 0);
	assert_false(cost.disturbed);
}

/* Each block 1 % slower than the one before: the order of pairs alternates, and that is all. */
static void test_drift_is_no_cost(void **state)
{
	struct trace_cost cost;

	(void)state;
	make(3, PAIRS, 0, 0.01, 0.001);
	cost = trace_cost(out, in, PAIRS, 1);
	assert_true(cost.event_ns.low < 0 && 0 < cost.event_ns.high);
	assert_true(cost.share.low < 0 && 0 < cost.share.high);
	assert_false(cost.disturbed);
}

/* The interval covers the truth as often as it says: 95 of 100 times, with a little less by luck.
 */
static void test_coverage(void **state)
{
	unsigned int with = 0, without = 0, wrongly = 0;

	(void)state;
	for (uint64_t seed = 10; seed < 410; seed++) {
		struct trace_cost cost;

		make(seed, 30, 0, 0.0005, 0.05);
		cost = trace_cost(out, in, 30, 3);
		without += cost.event_ns.low <= 0 && 0 <= cost.event_ns.high;
		wrongly += cost.disturbed;
		make(seed, 30, 90, 0.0005, 0.05);
		cost = trace_cost(out, in, 30, 3);
		with += cost.event_ns.low <= 30 && 30 <= cost.event_ns.high;
	}
	assert_true(without >= 370);
	assert_true(with >= 370);
	assert_int_equal(wrongly, 0);
}

static void test_unknown(void **state)
{
	struct trace_cost cost;

	(void)state;
	make(4, PAIRS, 100, 0, 0.01);
	cost = trace_cost(out, in, 5, 1);
	assert_string_equal(cost.why,
			    "5 pairs of blocks with and without probes; an interval needs 6");
	assert_true(isnan(cost.event_ns.median) && isnan(cost.share.median));
	assert_false(cost.disturbed);
	cost = trace_cost(out, in, 6, 1);
	assert_string_equal(cost.why, "");
	assert_true(cost.event_ns.low > 50);
	/* Without events the share is known, and no event's cost. */
	cost = trace_cost(out, in, PAIRS, 0);
	assert_string_equal(cost.why, "no probe saw an event");
	assert_true(isnan(cost.event_ns.median));
	assert_true(cost.share.low > 0.05 && cost.disturbed);
	/* Blocks without a time are no pairs. */
	memset(in, 0, sizeof(in));
	cost = trace_cost(out, in, PAIRS, 1);
	assert_true(strstr(cost.why, "0 pairs") == cost.why);
	assert_true(isnan(trace_cost(NULL, NULL, 0, 1).share.median));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_cost),
		cmocka_unit_test(test_drift_is_no_cost),
		cmocka_unit_test(test_coverage),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
