/* SPDX-License-Identifier: GPL-2.0-only */
/* test_together.c - counts and time of two cores in each format: what is said is what was judged.
 */
#include "compare_together.h"
#include "core_maker.h"
#include "night_judge.h"
#include "run_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char slowdown[] = "slowdown, cause not in counted events";

/* Two cores, the second 5 % slower by equal counts, measured twice. */
struct measured {
	struct run *run[NIGHT_PARTS];
	struct night *night;
	struct comparison *exact, *time;
};

static struct run *load(struct core_shape *shape)
{
	char *path = core_make_run("part.ndjson", shape);
	struct run_error error;
	struct run *run;

	if (run_load(path, &run, &error))
		fail_msg("%s", error.text);
	free(path);
	return run;
}

static struct comparison *compare(const struct run *run)
{
	struct compare_options options = COMPARE_DEFAULTS;
	struct comparison *comparison;
	struct run_error error;

	if (compare_by(run, "core", &options, &comparison, &error))
		fail_msg("%s", error.text);
	return comparison;
}

static struct measured measure(void)
{
	struct core_shape shape = core_shape_default();
	struct night_files files[NIGHT_PARTS];
	struct measured out;
	struct run_error error;

	shape.ratio = 1.05;
	out.run[NIGHT_TIME] = load(&shape);
	shape.seed = 2;
	out.run[NIGHT_AGAIN] = load(&shape);
	shape.exact = true;
	shape.processes = 0;
	out.run[NIGHT_EXACT] = load(&shape);
	for (int i = 0; i < NIGHT_PARTS; i++)
		files[i] = (struct night_files){1, (const struct run *const *)&out.run[i]};
	out.night = night_new();
	out.night->id = out.run[0]->run_id;
	out.night->started = out.run[0]->started;
	out.night->status = "ok";
	if (night_judge(out.night, files, &error))
		fail_msg("%s", error.text);
	out.exact = compare(out.run[NIGHT_EXACT]);
	out.time = compare(out.run[NIGHT_TIME]);
	return out;
}

static void test_formats(void **state)
{
	static const char *const meant[] = {
		[FORMAT_TEXT] = "\ncounts and time together\nkmalloc-pair: slowdown, cause",
		[FORMAT_JSON] = "\"verdict\": \"slowdown, cause",
		[FORMAT_CSV] = "kmalloc-pair,,user,\"slowdown, cause not in counted events\","
			       "unchanged,regressed,1.0",
		[FORMAT_MARKDOWN] = "| kmalloc-pair | slowdown, cause",
		[FORMAT_JUNIT] = "<failure message=\"slowdown, cause",
	};
	struct measured measured = measure();
	struct together together = {measured.exact, measured.time, measured.night};

	(void)state;
	assert_string_equal(night_verdict_name(measured.night->cases[0].verdict), slowdown);
	for (int format = 0; format <= FORMAT_JUNIT; format++) {
		char *text = NULL;
		size_t length;
		FILE *out = open_memstream(&text, &length);
		json_t *json;

		together_print(&together, (enum compare_format)format, true, out);
		fclose(out);
		if (!strstr(text, meant[format]))
			fail_msg("not said: %s\n%s", meant[format], text);
		if (format == FORMAT_TEXT)
			assert_string_equal(text + length - strlen("skipped 0\n"), "skipped 0\n");
		if (format == FORMAT_JSON) {
			json = json_loads(text, 0, NULL);
			assert_int_equal(json_integer_value(json_object_get(json, "exit_code")), 3);
			assert_true(json_is_object(json_object_get(json, "exact")));
			json_decref(json);
		}
		free(text);
	}
	comparison_free(measured.exact);
	comparison_free(measured.time);
	night_free(measured.night);
	for (int i = 0; i < NIGHT_PARTS; i++)
		run_free(measured.run[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
