/* SPDX-License-Identifier: GPL-2.0-only */
/* test_exact_table.c - what an exact run counted, per operation, as text and in the report. */
#include "exact_table.h"
#include "report.h"
#include "run_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct run *run_of(bool exact)
{
	struct record_shape shape = record_shape_default();
	struct run_error error;
	struct run *run;
	char *path;

	memset(shape.pages, 0, sizeof(shape.pages));
	shape.pages[0] = 1;
	shape.pages[1] = 64;
	shape.exact = exact;
	shape.more = 12;
	path = files_make_run("exact.ndjson", &shape);
	if (run_load(path, &run, &error))
		fail_msg("%s", error.text);
	free(path);
	return run;
}

static char *text_of(const struct plot_cases *cases)
{
	char *path = files_path("table.txt"), *text;
	FILE *out = fopen(path, "w");
	size_t length;

	assert_non_null(out);
	exact_table_print(cases, out);
	fclose(out);
	text = files_read(path, &length);
	free(path);
	return text;
}

static void a_line_an_arm_a_column_a_counter(void **state)
{
	struct run *run = run_of(true);
	struct plot_cases cases;
	char *text, *line, *save = NULL;

	(void)state;
	assert_int_equal(plot_cases_read(run, &cases), 0);
	assert_true(exact_table_any(&cases));
	text = text_of(&cases);
	assert_non_null(strstr(text, "counted, not timed; per operation; modelled TLB: skylake\n"));
	assert_non_null(strstr(text, "unmap-storm "));
	/* 800 instructions; 2 misses of the STLB a page, 6 of the first level, 2.25 steps. */
	line = strstr(text, "nr_pages=1 eager");
	assert_non_null(line);
	assert_int_equal(strspn(line + 16, " 0123456789."), strcspn(line + 16, "\n"));
	assert_non_null(strstr(line, " 800 "));
	assert_non_null(strstr(strstr(text, "nr_pages=64 lazy"), " 812 "));
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		assert_true(strlen(line) <= 120);
	free(text);
	json_object_set_new(cases.cases[1].arm[0]->params, "tlb", json_string("zen3"));
	text = text_of(&cases);
	assert_non_null(strstr(text, "; modelled TLB: by tlb=\n"));
	free(text);
	plot_cases_free(&cases);
	run_free(run);
}

static void cells_are_per_operation(void **state)
{
	struct run *run = run_of(true);
	const struct bench *bench = &run->benches[2];

	(void)state;
	assert_float_equal(exact_cell(bench, "instructions"), 800, 0);
	assert_float_equal(exact_cell(bench, "stlb_misses"), 128, 0);
	assert_float_equal(exact_cell(bench, "walk_steps"), 144, 0);
	/* The most that waited at once is no sum. */
	assert_float_equal(exact_cell(&run->benches[3], "waiting_pages_max"), 16384 + 64, 0);
	run_free(run);
}

static void timed_runs_have_none(void **state)
{
	struct run *run = run_of(false);
	struct plot_cases cases;
	char *text;

	(void)state;
	assert_int_equal(plot_cases_read(run, &cases), 0);
	assert_false(exact_table_any(&cases));
	text = text_of(&cases);
	assert_string_equal(text, "");
	free(text);
	plot_cases_free(&cases);
	run_free(run);
}

static void the_report_has_a_section(void **state)
{
	char *page = files_path("page"), *index = files_path("page/index.html");
	char *path = files_path("page/workload-unmap-storm.html");
	struct run *run = run_of(true);
	struct run_error error;
	size_t length;
	char *text;

	(void)state;
	if (report_write(run, NULL, &REPORT_DEFAULTS, page, &error))
		fail_msg("%s", error.text);
	text = files_read(path, &length);
	assert_non_null(strstr(text, "<h2>Exact: counted, not timed, on "));
	assert_non_null(strstr(text, "<code>skylake</code>"));
	assert_non_null(strstr(text, "<a href=\"#exact\">"));
	assert_non_null(strstr(text, "<td class=number>144</td>"));
	free(text);
	text = files_read(index, &length);
	/* First of all, what ran where, and by which clock. */
	assert_non_null(strstr(text, "counted, not timed (mode=exact)</li>"));
	assert_null(strstr(text, "the machine's own clock"));
	free(text);
	free(page);
	free(index);
	free(path);
	run_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_an_arm_a_column_a_counter),
		cmocka_unit_test(cells_are_per_operation),
		cmocka_unit_test(timed_runs_have_none),
		cmocka_unit_test(the_report_has_a_section),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
