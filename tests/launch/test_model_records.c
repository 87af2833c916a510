/* SPDX-License-Identifier: GPL-2.0-only */
/* test_model_records.c - the plugin's rows as records: values, what is stable, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "model_records.h"

struct records {
	json_t *all;
};

static void take(void *arg, const char *line, size_t length)
{
	struct records *records = arg;
	json_t *record = json_loadb(line, length, 0, NULL);

	assert_non_null(record);
	json_array_append_new(records->all, record);
}

static int set_up(void **state)
{
	*state = calloc(1, sizeof(struct rows));
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

/* The records of @line; NULL if it was refused, and then nothing was emitted. */
static json_t *records_of(const struct rows *rows, const char *line, char *why, size_t size)
{
	struct records records = {json_array()};

	if (model_records(rows, line, strlen(line), take, &records, why, size))
		return records.all;
	assert_int_equal(json_array_size(records.all), 0);
	json_decref(records.all);
	return NULL;
}

static const json_t *find(const json_t *records, const char *field, const char *value)
{
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record) {
		const char *text = json_string_value(json_object_get(record, field));

		if (text && !strcmp(text, value))
			return record;
	}
	return NULL;
}

static json_int_t number(const json_t *record, const char *field)
{
	const json_t *value = json_object_get(record, field);

	assert_true(json_is_integer(value));
	return json_integer_value(value);
}

static void the_first_row_is_the_value_and_the_others_say_if_it_is_stable(void **state)
{
	struct rows *rows = *state;
	const json_t *counter;
	json_t *records;
	char why[256];

	for (int i = 0; i < 4; i++) {
		rows->row[i].counter[ROW_instructions] = 70;
		rows->row[i].counter[ROW_loads] = 5;
	}
	rows->row[3].counter[ROW_loads] = 6;
	rows->row[2].counter[ROW_walk_steps] = 1;
	rows->row[0].counter[ROW_stores] = 1; /* not one of those that are named */
	rows->n = 4;
	records = records_of(rows,
			     "{\"t\":\"model\",\"bench\":7,\"first\":1,\"rows\":3,\"ops\":10,"
			     "\"metrics\":[]}",
			     why, sizeof(why));
	assert_non_null(records);
	/* A counter each, and the note. */
	assert_int_equal(json_array_size(records), ROW_COUNTERS + 1);
	counter = find(records, "name", "instructions");
	assert_int_equal(number(counter, "value"), 70);
	assert_int_equal(number(counter, "bench"), 7);
	assert_int_equal(number(counter, "ops"), 10);
	assert_true(json_is_true(json_object_get(counter, "stable")));
	assert_string_equal(json_string_value(json_object_get(counter, "class")), "exact");
	assert_string_equal(json_string_value(json_object_get(counter, "better")), "lower");
	assert_string_equal(json_string_value(json_object_get(counter, "phase")), "exact");
	counter = find(records, "name", "loads");
	assert_int_equal(number(counter, "value"), 5);
	assert_true(json_is_false(json_object_get(counter, "stable")));
	counter = find(records, "name", "walk_steps");
	assert_true(json_is_false(json_object_get(counter, "stable")));
	counter = find(records, "name", "stores");
	assert_true(json_is_true(json_object_get(counter, "stable")));
	/* Judged are the sum of flush instructions and misses, the latter with some slack. */
	assert_string_equal(json_string_value(json_object_get(counter, "better")), "none");
	assert_null(json_object_get(counter, "slack"));
	counter = find(records, "name", "flush_instructions");
	assert_string_equal(json_string_value(json_object_get(counter, "better")), "lower");
	assert_null(json_object_get(counter, "slack"));
	counter = find(records, "name", "walk_steps");
	assert_string_equal(json_string_value(json_object_get(counter, "better")), "lower");
	assert_float_equal(json_number_value(json_object_get(counter, "slack")), 0.1, 1e-9);
	json_decref(records);
}

static void what_is_not_counted_is_null_and_says_why(void **state)
{
	struct rows *rows = *state;
	const json_t *counter;
	json_t *records;
	char why[256];

	rows->n = 1;
	rows->absent = 1UL << ROW_walk_steps | 1UL << (ROW_COUNTERS + ROW_COST_STEPS);
	histogram_add(&rows->row[0].cost[0][ROW_COST_INSTRUCTIONS], 9);
	histogram_add(&rows->row[0].cost[0][ROW_COST_STEPS], 0);
	records = records_of(rows,
			     "{\"t\":\"model\",\"bench\":0,\"first\":0,\"rows\":1,\"ops\":3,"
			     "\"metrics\":[\"alloc\"]}",
			     why, sizeof(why));
	assert_non_null(records);
	counter = find(records, "name", "walk_steps");
	assert_true(json_is_null(json_object_get(counter, "value")));
	assert_string_equal(json_string_value(json_object_get(counter, "avail")), "unsupported");
	assert_non_null(json_object_get(counter, "why"));
	assert_null(json_object_get(counter, "stable"));
	assert_int_equal(number(find(records, "name", "instructions"), "value"), 0);
	assert_non_null(find(records, "metric", "alloc.instructions"));
	assert_null(find(records, "metric", "alloc.walk_steps"));
	json_decref(records);
}

static void costs_of_operations_are_histograms_of_the_first_row(void **state)
{
	struct rows *rows = *state;
	const json_t *hist, *bucket;
	json_t *records;
	char why[256];

	histogram_add(&rows->row[0].cost[1][ROW_COST_STEPS], 0);
	histogram_add(&rows->row[0].cost[1][ROW_COST_STEPS], 4);
	histogram_add(&rows->row[0].cost[1][ROW_COST_STEPS], 4);
	histogram_add(&rows->row[1].cost[0][ROW_COST_STEPS], 9); /* a repeat */
	rows->n = 2;
	records = records_of(rows,
			     "{\"t\":\"model\",\"bench\":0,\"first\":0,\"rows\":2,\"ops\":3,"
			     "\"metrics\":[\"alloc\",\"free\"]}",
			     why, sizeof(why));
	assert_non_null(records);
	assert_null(find(records, "metric", "alloc.walk_steps"));
	assert_null(find(records, "metric", "free.instructions"));
	hist = find(records, "metric", "free.walk_steps");
	assert_non_null(hist);
	assert_string_equal(json_string_value(json_object_get(hist, "unit")), "steps");
	assert_string_equal(json_string_value(json_object_get(hist, "sum")), "8");
	assert_int_equal(number(hist, "n"), 3);
	assert_int_equal(number(hist, "min"), 0);
	assert_int_equal(number(hist, "max"), 4);
	assert_int_equal(json_array_size(json_object_get(hist, "buckets")), 2);
	bucket = json_array_get(json_object_get(hist, "buckets"), 1);
	assert_int_equal(json_integer_value(json_array_get(bucket, 0)), 4);
	assert_int_equal(json_integer_value(json_array_get(bucket, 1)), 2);
	json_decref(records);
}

static void a_note_names_the_model(void **state)
{
	struct rows *rows = *state;
	json_t *records;
	char why[256];

	strcpy(rows->model, "dTLB 64x4");
	rows->n = 1;
	records = records_of(rows,
			     "{\"t\":\"model\",\"bench\":2,\"first\":0,\"rows\":1,\"ops\":1,"
			     "\"metrics\":[]}",
			     why, sizeof(why));
	assert_non_null(find(records, "text", "modelled: dTLB 64x4"));
	json_decref(records);
}

static void refused(const struct rows *rows, const char *line, const char *reason)
{
	char why[256] = "";

	assert_null(records_of(rows, line, why, sizeof(why)));
	if (!strstr(why, reason))
		fail_msg("\"%s\" does not say \"%s\"", why, reason);
}

static void unusable_records_are_refused(void **state)
{
	struct rows *rows = *state;

	rows->n = 2;
	refused(rows, "{\"t\":\"model\"", "is none");
	refused(rows, "{\"t\":\"model\",\"bench\":0}", "is none");
	refused(rows,
		"{\"t\":\"model\",\"bench\":0,\"first\":1,\"rows\":2,\"ops\":1,\"metrics\":[]}",
		"beyond the 2");
	refused(rows,
		"{\"t\":\"model\",\"bench\":0,\"first\":-1,\"rows\":2,\"ops\":1,\"metrics\":[]}",
		"beyond the 2");
	refused(rows,
		"{\"t\":\"model\",\"bench\":0,\"first\":0,\"rows\":0,\"ops\":1,\"metrics\":[]}",
		"beyond the 2");
	refused(rows,
		"{\"t\":\"model\",\"bench\":0,\"first\":0,\"rows\":1,\"ops\":1,"
		"\"metrics\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}",
		"more than 4 metrics");
	refused(rows,
		"{\"t\":\"model\",\"bench\":0,\"first\":0,\"rows\":1,\"ops\":1,\"metrics\":[1]}",
		"metric 0 has no name");
	rows->lost = 1;
	refused(rows,
		"{\"t\":\"model\",\"bench\":0,\"first\":0,\"rows\":1,\"ops\":1,\"metrics\":[]}",
		"room for 256 rows");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_first_row_is_the_value_and_the_others_say_if_it_is_stable, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(what_is_not_counted_is_null_and_says_why, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(costs_of_operations_are_histograms_of_the_first_row,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_note_names_the_model, set_up, tear_down),
		cmocka_unit_test_setup_teardown(unusable_records_are_refused, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
