/* SPDX-License-Identifier: GPL-2.0-only */
/* test_night_judge.c - from run files whose truth is known to the cases of a night. */
#include "core_maker.h"
#include "night_judge.h"
#include "run_files.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* The truth about HEAD, and what was measured of it. */
struct truth {
	struct core_shape exact, time, again;
	bool no_exact, no_time, no_again;
};

static struct truth truth_default(void)
{
	struct truth truth = {core_shape_default(),
			      core_shape_default(),
			      core_shape_default(),
			      false,
			      false,
			      true};

	truth.exact.exact = true;
	truth.exact.processes = 0;
	truth.again.seed = 2;
	return truth;
}

static struct run *load(const struct core_shape *shape)
{
	char *path = core_make_run("part.ndjson", shape);
	struct run_error error;
	struct run *run;

	if (run_load(path, &run, &error))
		fail_msg("%s", error.text);
	free(path);
	return run;
}

static struct night *judge(const struct truth *truth)
{
	struct run *run[NIGHT_PARTS] = {
		truth->no_exact ? NULL : load(&truth->exact),
		truth->no_time ? NULL : load(&truth->time),
		truth->no_again ? NULL : load(&truth->again),
	};
	struct night_files files[NIGHT_PARTS];
	struct night *night = night_new();
	struct run_error error;

	assert_non_null(night);
	for (int i = 0; i < NIGHT_PARTS; i++)
		files[i] = (struct night_files){run[i] != NULL, (const struct run *const *)&run[i]};
	if (night_judge(night, files, &error))
		fail_msg("%s", error.text);
	/* A night owns what it holds: the runs may go. */
	for (int i = 0; i < NIGHT_PARTS; i++)
		if (run[i])
			run_free(run[i]);
	return night;
}

static void expect(const struct truth *truth, enum night_verdict verdict, int code)
{
	struct night *night = judge(truth);

	assert_true(night->nr_cases > 0);
	for (size_t i = 0; i < night->nr_cases; i++)
		if (night->cases[i].verdict != verdict)
			fail_msg("%s %s: %s, not %s", night->cases[i].workload,
				 night->cases[i].label, night_verdict_name(night->cases[i].verdict),
				 night_verdict_name(verdict));
	assert_int_equal(night_exit_code(night), code);
	night_free(night);
}

static void test_no_difference(void **state)
{
	struct truth truth = truth_default();
	struct night *night;

	(void)state;
	truth.exact.cases = truth.time.cases = 3;
	truth.time.processes = 19;
	night = judge(&truth);
	assert_int_equal(night->nr_cases, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct night_case *item = &night->cases[i];

		assert_string_equal(item->workload, "kmalloc-pair");
		assert_string_equal(item->target, "user");
		assert_int_equal(strlen(item->series), 16);
		assert_true(item->has_exact && item->has_time);
		assert_int_equal(item->exact.verdict, VERDICT_UNCHANGED);
		assert_int_equal(item->exact.nr_counters, 2);
		assert_string_equal(item->exact.counters[1].name, "instructions");
		assert_string_equal(item->exact.counters[1].unit, "instructions/op");
		assert_float_equal(item->exact.counters[1].head, 800, 0);
		assert_int_equal(item->time.verdict, VERDICT_UNCHANGED);
		assert_int_equal(item->time.n, 19);
		assert_int_equal(item->time.again, VERDICT_COUNT);
		assert_int_equal(item->verdict, NIGHT_NO_DIFFERENCE);
		assert_false(night_wants_again(item));
		assert_false(night_wants_more(item, NIGHT_TIME));
	}
	assert_string_equal(night->cases[2].label, "size=256");
	assert_int_equal(night_exit_code(night), 0);
	night_free(night);
}

static void test_slowdown_must_recur(void **state)
{
	struct truth truth = truth_default();
	struct night *night;

	(void)state;
	truth.time.ratio = truth.again.ratio = 1.05;
	expect(&truth, NIGHT_INCONCLUSIVE, 4);
	night = judge(&truth);
	assert_true(night_wants_again(&night->cases[0]));
	night_free(night);
	truth.no_again = false;
	expect(&truth, NIGHT_SLOWDOWN, 3);
	night = judge(&truth);
	assert_int_equal(night->cases[0].time.again, VERDICT_REGRESSED);
	assert_float_equal(night->cases[0].time.again_ratio, 1.05, 0.01);
	assert_float_equal(night->cases[0].time.head / night->cases[0].time.reference, 1.05, 0.02);
	assert_true(night->cases[0].time.effect > 3);
	night_free(night);
	truth.again.ratio = 1;
	expect(&truth, NIGHT_INCONCLUSIVE, 4);
}

static void test_counts(void **state)
{
	struct truth truth = truth_default();

	(void)state;
	truth.no_again = false;
	truth.exact.more = 40;
	expect(&truth, NIGHT_REGRESSION_COUNTED, 3);
	truth.time.ratio = truth.again.ratio = 1.05;
	expect(&truth, NIGHT_REGRESSION, 3);
	truth.time.ratio = truth.again.ratio = 0.9;
	expect(&truth, NIGHT_TRADE_OFF, 4);
	truth.exact.more = -40;
	expect(&truth, NIGHT_IMPROVEMENT, 0);
	truth.time.ratio = truth.again.ratio = 1.1;
	expect(&truth, NIGHT_TRADE_OFF, 4);
	/* Within what does not matter, 0.5 %; an event more is another thing. */
	truth.time.ratio = truth.again.ratio = 1;
	truth.exact.more = 4;
	expect(&truth, NIGHT_NO_DIFFERENCE, 0);
	truth.exact.flushes = 1;
	expect(&truth, NIGHT_REGRESSION_COUNTED, 3);
}

static void test_parts_that_are_missing(void **state)
{
	struct truth truth = truth_default();

	(void)state;
	truth.no_exact = true;
	expect(&truth, NIGHT_NO_DIFFERENCE, 0);
	truth.no_exact = false;
	truth.no_time = true;
	expect(&truth, NIGHT_NO_DIFFERENCE, 0);
	truth.exact.skip_head = "core head: ABI 2, this program has 1";
	expect(&truth, NIGHT_SKIPPED, 77);
	truth.no_time = false;
	truth.time.skip_head = truth.exact.skip_head;
	expect(&truth, NIGHT_SKIPPED, 77);
}

static void test_other_operations(void **state)
{
	struct truth truth = truth_default();
	struct night *night;

	(void)state;
	truth.exact.head_digest = truth.time.head_digest = "fedcba9876543210";
	expect(&truth, NIGHT_NOT_COMPARABLE, 4);
	night = judge(&truth);
	assert_non_null(strstr(night->cases[0].exact.why, "operations differ"));
	night_free(night);
}

/* Judged cases are what a file holds. */
static void test_as_a_file(void **state)
{
	struct truth truth = truth_default();
	char *path = files_path("nights/20261122T020000-ab12.json");
	struct night *night, *read;
	struct run_error error;

	(void)state;
	truth.no_again = false;
	truth.time.ratio = truth.again.ratio = 1.05;
	night = judge(&truth);
	night->id = "20261122T020000-ab12";
	night->started = "2026-11-22T02:00:00Z";
	night->repo = "/r";
	night->suite = "short";
	night->version = "0.1.0";
	night->head = night->reference = (struct night_commit){
		"0123456789012345678901234567890123456789", "subject", "2026-11-22", false};
	if (night_save(night, path, &error) || night_load(path, &read, &error))
		fail_msg("%s", error.text);
	assert_int_equal(night_exit_code(read), 3);
	assert_true(read->cases[0].time.low == night->cases[0].time.low);
	night_free(read);
	night_free(night);
	free(path);
}

/* A run of one core tells nothing: an error, and no case. */
static void test_nothing_to_judge(void **state)
{
	struct core_shape shape = core_shape_default();
	struct run *run;
	struct night *night = night_new();
	struct night_files files[NIGHT_PARTS] = {{0}};
	struct run_error error;
	size_t nr_benches;

	(void)state;
	shape.processes = 1;
	run = load(&shape);
	nr_benches = run->nr_benches;
	run->nr_benches = 1;
	files[NIGHT_TIME] = (struct night_files){1, (const struct run *const *)&run};
	assert_int_equal(night_judge(night, files, &error), -1);
	assert_non_null(strstr(error.text, "nothing to compare by core"));
	assert_int_equal(night->nr_cases, 0);
	run->nr_benches = nr_benches;
	run_free(run);
	night_free(night);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_difference),
		cmocka_unit_test(test_slowdown_must_recur),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_parts_that_are_missing),
		cmocka_unit_test(test_other_operations),
		cmocka_unit_test(test_as_a_file),
		cmocka_unit_test(test_nothing_to_judge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
