/* SPDX-License-Identifier: GPL-2.0-only */
/* test_processes.c - verdicts on cases that several processes measured, each a layout of its own.
 */
#include "compare.h"
#include "core_maker.h"
#include "judge.h"
#include "run_files.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct compare_options defaults = COMPARE_DEFAULTS;

static struct run *load(const struct core_shape *shape)
{
	char *path = core_make_run("cores.ndjson", shape);
	struct run_error error;
	struct run *run;

	if (run_load(path, &run, &error))
		fail_msg("%s", error.text);
	free(path);
	return run;
}

static struct comparison *compare(const struct run *const *runs, size_t nr)
{
	struct comparison *comparison;
	struct run_error error;

	if (compare_files_by(runs, nr, "core", &defaults, &comparison, &error))
		fail_msg("%s", error.text);
	return comparison;
}

static const struct compare_row *find(const struct comparison *comparison, size_t group,
				      const char *metric)
{
	for (size_t i = 0; i < comparison->groups[group].nr_rows; i++) {
		if (!strcmp(comparison->groups[group].rows[i].metric, metric))
			return &comparison->groups[group].rows[i];
	}
	return NULL;
}

/* One row a case; the copy is no rival but the floor. */
static void test_processes_are_one_group(void **state)
{
	struct core_shape shape = core_shape_default();
	struct comparison *comparison;
	const struct compare_row *row;
	struct run *run;

	(void)state;
	shape.cases = 3;
	shape.processes = 19;
	shape.ratio = 1.05;
	run = load(&shape);
	comparison = compare((const struct run *const[]){run}, 1);
	assert_int_equal(comparison->nr_groups, 3);
	assert_true(comparison->paired);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(comparison->groups[i].base_name, "reference");
		assert_string_equal(comparison->groups[i].next_name, "head");
		assert_int_equal(comparison->groups[i].nr_processes, 19);
		row = find(comparison, i, "total");
		assert_int_equal(row->verdict, VERDICT_REGRESSED);
		assert_int_equal(row->n, 19);
		assert_string_equal(row->unit, "ns/op");
		assert_float_equal(row->ratio, 1.05, 0.006);
		assert_true(row->low > 1.04 && row->high < 1.06);
		assert_float_equal(row->floor, 0.02, 1e-9);
		assert_true(row->effect > 3);
		assert_float_equal(row->next / row->base, 1.05, 0.01);
		assert_int_equal(find(comparison, i, "flush_range")->verdict, VERDICT_UNCHANGED);
	}
	assert_string_equal(comparison->groups[1].label, "size=128");
	assert_int_equal(comparison->geomeans[0].n, 3);
	assert_int_equal(compare_exit_code(comparison), 3);
	comparison_free(comparison);
	run_free(run);
}

/* Processes of one case in two files: a run that was widened. */
static void test_files_are_pooled(void **state)
{
	struct core_shape shape = core_shape_default();
	struct run *run[2];
	struct comparison *comparison;

	(void)state;
	shape.cases = 2;
	run[0] = load(&shape);
	shape.cases = 1;
	shape.first_process = 15;
	shape.seed = 2;
	run[1] = load(&shape);
	comparison = compare((const struct run *const[]){run[0], run[1]}, 2);
	assert_int_equal(comparison->nr_groups, 2);
	assert_int_equal(find(comparison, 0, "total")->n, 30);
	assert_int_equal(find(comparison, 1, "total")->n, 15);
	assert_int_equal(find(comparison, 0, "total")->verdict, VERDICT_UNCHANGED);
	comparison_free(comparison);
	run_free(run[0]);
	run_free(run[1]);
}

/* What blocks of one process would call slower by a tight interval is one value among many. */
static void test_layout_is_no_regression(void **state)
{
	struct core_shape shape = core_shape_default();
	struct comparison *comparison;
	struct run *run;

	(void)state;
	shape.off = 3;
	run = load(&shape);
	comparison = compare((const struct run *const[]){run}, 1);
	assert_int_equal(find(comparison, 0, "total")->verdict, VERDICT_UNCHANGED);
	assert_true(find(comparison, 0, "total")->ratio < 1.01);
	comparison_free(comparison);
	run_free(run);
}

/* How far the copy is from what it is a copy of is not judged, threefold. */
static void test_the_copy_is_the_floor(void **state)
{
	struct core_shape shape = core_shape_default();
	struct comparison *comparison;
	const struct compare_row *row;
	struct run *run;

	(void)state;
	shape.ratio = 1.05;
	shape.copy_bias = 0.02;
	run = load(&shape);
	comparison = compare((const struct run *const[]){run}, 1);
	row = find(comparison, 0, "total");
	assert_float_equal(row->floor, expm1(3 * 0.02), 0.01);
	assert_int_equal(row->verdict, VERDICT_UNCHANGED);
	comparison_free(comparison);
	run_free(run);
	/* By its name alone it is no copy. */
	shape.unlike_builds = true;
	run = load(&shape);
	comparison = compare((const struct run *const[]){run}, 1);
	assert_int_equal(comparison->nr_groups, 2);
	assert_string_equal(comparison->groups[0].next_name, "copy");
	assert_float_equal(find(comparison, 1, "total")->floor, 0.02, 1e-9);
	assert_int_equal(find(comparison, 1, "total")->verdict, VERDICT_REGRESSED);
	comparison_free(comparison);
	run_free(run);
}

static void test_too_few_processes(void **state)
{
	struct core_shape shape = core_shape_default();
	struct comparison *comparison;
	struct run *run;

	(void)state;
	shape.ratio = 1.5;
	shape.processes = 5;
	run = load(&shape);
	comparison = compare((const struct run *const[]){run}, 1);
	assert_int_equal(find(comparison, 0, "total")->verdict, VERDICT_INCONCLUSIVE);
	assert_string_equal(find(comparison, 0, "total")->why, "5 processes, needs 6");
	comparison_free(comparison);
	run_free(run);
}

/* Counts are the same in each process, or nobody knows which to believe. */
static void test_counts_of_processes(void **state)
{
	struct core_shape shape = core_shape_default();
	struct comparison *comparison;
	struct run *run;

	(void)state;
	shape.flushes = 1;
	run = load(&shape);
	comparison = compare((const struct run *const[]){run}, 1);
	assert_int_equal(find(comparison, 0, "flush_range")->verdict, VERDICT_REGRESSED);
	comparison_free(comparison);
	run_free(run);
	shape.drifts = true;
	run = load(&shape);
	comparison = compare((const struct run *const[]){run}, 1);
	assert_int_equal(find(comparison, 0, "flush_range")->verdict, VERDICT_INCONCLUSIVE);
	assert_string_equal(find(comparison, 0, "flush_range")->why,
			    "unstable: differs from process to process");
	comparison_free(comparison);
	run_free(run);
}

/* One that broke off is left out and told of; if all did, that is the answer. */
static void test_processes_that_failed(void **state)
{
	struct core_shape shape = core_shape_default();
	struct comparison *comparison;
	struct run *run;
	bool said = false;

	(void)state;
	run = load(&shape);
	run->benches[2].status = "failed";
	run->benches[2].why = "killed by signal 9";
	comparison = compare((const struct run *const[]){run}, 1);
	assert_int_equal(find(comparison, 0, "total")->n, 14);
	for (size_t i = 0; i < comparison->nr_footnotes; i++)
		said |= !strcmp(comparison->footnotes[i],
				"kmalloc-pair: left out: 1 of 15 processes that did not end well");
	assert_true(said);
	comparison_free(comparison);
	run_free(run);
	shape.skip_head = "core head: another ABI";
	run = load(&shape);
	comparison = compare((const struct run *const[]){run}, 1);
	assert_int_equal(comparison->groups[0].rows[0].verdict, VERDICT_SKIPPED);
	assert_int_equal(comparison->nr_groups, 1);
	assert_int_equal(compare_exit_code(comparison), 77);
	comparison_free(comparison);
	run_free(run);
}

/* So many bear three disturbed ones at either end of the interval, and no fewer do. */
static void test_how_many(void **state)
{
	(void)state;
	assert_int_equal(judge_processes(1, 0.95), 15);
	assert_int_equal(judge_processes(10, 0.95), 19);
	assert_int_equal(judge_processes(40, 0.95), 22);
	for (size_t rows = 1; rows < 200; rows += 7) {
		double confidence = statistics_family_confidence(0.95, rows);
		size_t n = judge_processes(rows, 0.95);

		for (int fewer = 0; fewer < 2; fewer++) {
			double values[64] = {0};
			struct estimate interval;

			for (size_t i = 0; i < 3; i++)
				values[i] = 100;
			interval =
				statistics_median_interval(values, n - (size_t)fewer, confidence);
			assert_int_equal(interval.high > 1, fewer);
		}
	}
}

static void test_floor_and_effect(void **state)
{
	static const double copies[] = {0.01, -0.02, 0.03, 0, 0.01, 0.02, 0};

	(void)state;
	assert_float_equal(judge_floor(copies, 7), 0.01, 1e-12);
	assert_true(isinf(judge_floor(copies, 1)));
	assert_float_equal(judge_effect(copies, 7), 1, 1e-12);
	assert_true(isnan(judge_effect((const double[]){1, 1, 1}, 3)));
	assert_int_equal(judge_interval(0.03, 0.05, 0.02, BETTER_LOWER), VERDICT_REGRESSED);
	assert_int_equal(judge_interval(0.03, 0.05, 0.02, BETTER_HIGHER), VERDICT_IMPROVED);
	assert_int_equal(judge_interval(-0.05, -0.03, 0.02, BETTER_LOWER), VERDICT_IMPROVED);
	assert_int_equal(judge_interval(-0.01, 0.01, 0.02, BETTER_LOWER), VERDICT_UNCHANGED);
	assert_int_equal(judge_interval(0.01, 0.05, 0.02, BETTER_LOWER), VERDICT_INCONCLUSIVE);
	assert_int_equal(judge_interval(0.03, 0.05, INFINITY, BETTER_LOWER), VERDICT_INCONCLUSIVE);
}

static char *printed(const struct comparison *comparison, enum compare_format format)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	compare_print(comparison, format, false, out);
	fclose(out);
	return text;
}

/* Processes and effect size, and nowhere more than 120 columns. */
static void test_what_is_printed(void **state)
{
	struct core_shape shape = core_shape_default();
	struct comparison *comparison;
	struct run *run;
	json_t *json, *group;
	char *text;

	(void)state;
	shape.cases = 2;
	shape.processes = 19;
	shape.ratio = 1.05;
	run = load(&shape);
	comparison = compare((const struct run *const[]){run}, 1);
	text = printed(comparison, FORMAT_TEXT);
	assert_non_null(strstr(text, "judged by its interval, over n processes, effect size d"));
	assert_non_null(strstr(text, "] n=19 d="));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		size_t width = 0;

		for (char *c = line; *c; c++)
			width += (*c & 0xc0) != 0x80;
		assert_true(width <= 120);
	}
	free(text);
	text = printed(comparison, FORMAT_CSV);
	assert_non_null(strstr(text, ",verdict,why,processes,floor,effect\r\n"));
	assert_non_null(strstr(text, ",19,regressed,,19,0.02"));
	free(text);
	text = printed(comparison, FORMAT_JSON);
	json = json_loads(text, 0, NULL);
	group = json_array_get(json_object_get(json, "groups"), 0);
	assert_int_equal(json_integer_value(json_object_get(group, "processes")), 19);
	json_decref(json);
	free(text);
	text = printed(comparison, FORMAT_JUNIT);
	assert_non_null(strstr(text, "n=19 d="));
	free(text);
	comparison_free(comparison);
	run_free(run);
}

/* A mean over fewer cases than there are says so. */
static void test_benchmark_set_differs(void **state)
{
	struct core_shape shape = core_shape_default();
	struct comparison *comparison;
	struct run *run;
	bool said = false;

	(void)state;
	shape.cases = 3;
	shape.processes = 15;
	run = load(&shape);
	for (size_t i = 2; i < run->nr_benches; i += 9)
		run->benches[i].status = "skipped";
	comparison = compare((const struct run *const[]){run}, 1);
	assert_int_equal(comparison->geomeans[0].n, 2);
	for (size_t i = 0; i < comparison->nr_footnotes; i++)
		said |= !strcmp(comparison->footnotes[i],
				"benchmark set differs: 1 case has no time on both sides, and no "
				"part in the geomean of 2");
	assert_true(said);
	comparison_free(comparison);
	run_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_processes_are_one_group),
		cmocka_unit_test(test_files_are_pooled),
		cmocka_unit_test(test_layout_is_no_regression),
		cmocka_unit_test(test_the_copy_is_the_floor),
		cmocka_unit_test(test_too_few_processes),
		cmocka_unit_test(test_counts_of_processes),
		cmocka_unit_test(test_processes_that_failed),
		cmocka_unit_test(test_what_is_printed),
		cmocka_unit_test(test_benchmark_set_differs),
		cmocka_unit_test(test_how_many),
		cmocka_unit_test(test_floor_and_effect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
