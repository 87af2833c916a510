/* SPDX-License-Identifier: GPL-2.0-only */
/* test_night_print.c - a night in words: the worst first, and nothing in it that becomes markup. */
#include "night.h"
#include "night_print.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct night *night;

static struct night_case *add(const char *label, enum night_verdict verdict)
{
	struct night_case *item = night_add_case(night);

	assert_non_null(item);
	item->series = "0123456789abcdef";
	item->workload = "kmalloc-pair";
	item->label = label;
	item->target = "user";
	item->verdict = verdict;
	return item;
}

static void count(struct night_case *item, const char *name, double reference, double head,
		  enum verdict verdict)
{
	item->has_exact = true;
	item->exact.verdict = verdict;
	item->exact.nr_counters = 1;
	item->exact.counters = night_counters(night, 1);
	assert_non_null(item->exact.counters);
	item->exact.counters[0] =
		(struct night_counter){name, "events", BETTER_LOWER, reference, head, verdict};
}

static void time_of(struct night_case *item, double ratio, enum verdict verdict)
{
	item->has_time = true;
	item->time.verdict = verdict;
	item->time.ratio = ratio;
	item->time.low = ratio - 0.01;
	item->time.high = ratio + 0.01;
}

static int setup(void **state)
{
	char summary[256];
	struct night_case *item;

	(void)state;
	night = night_new();
	assert_non_null(night);
	night->id = "20261122T020000-ab12";
	night->started = "2026-11-22T02:00:00Z";
	night->status = "ok";
	night->suite = "short_<1>";
	night->head.commit = "0123456789abcdef0123456789abcdef01234567";
	night->head.subject = "a < b && \"c\" | d_e";
	night->reference.commit = "fedcba9876543210fedcba9876543210fedcba98";
	night->reference.subject = "first";
	count(add("size=8", NIGHT_NO_DIFFERENCE), "area_steps", 4, 4, VERDICT_UNCHANGED);
	item = add("size=16", NIGHT_SLOWDOWN);
	count(item, "area_steps", 4, 4, VERDICT_UNCHANGED);
	time_of(item, 1.047, VERDICT_REGRESSED);
	item->time.again = VERDICT_REGRESSED;
	item->time.again_ratio = 1.05;
	item = add("size=32 <&>", NIGHT_REGRESSION);
	count(item, "area_steps", 40, 52, VERDICT_REGRESSED);
	time_of(item, 1.2, VERDICT_REGRESSED);
	time_of(add("size=64", NIGHT_INCONCLUSIVE), 1.01, VERDICT_INCONCLUSIVE);
	night->exit = night_exit_code(night);
	night->summary = night_text(night, night_summary(night, summary, sizeof(summary)));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	night_free(night);
	return 0;
}

static char *printed(void (*print)(const struct night *night, FILE *out))
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	print(night, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* @text has @parts, ended by NULL, in that order. */
static void has(const char *text, const char *const *parts)
{
	const char *at = text;

	for (; *parts; parts++) {
		at = strstr(at, *parts);
		if (!at)
			fail_msg("no \"%s\", or not in its place, in:\n%s", *parts, text);
		at += strlen(*parts);
	}
}
#define HAS(text, ...) has(text, (const char *const[]){__VA_ARGS__, NULL})

static void changes_are_said_in_a_line(void **state)
{
	struct night_case *item = &night->cases[2];
	char text[256], small[16];

	(void)state;
	assert_string_equal(night_changes(item, text, sizeof(text)),
			    "area_steps 40 -> 52 (+30.0 %); time +20.0 % (+19.0 to +21.0 %)");
	assert_string_equal(night_changes(&night->cases[1], text, sizeof(text)),
			    "time +4.7 % (+3.7 to +5.7 %), again +5.0 %");
	/* Cut, not overrun. */
	night_changes(item, small, sizeof(small));
	assert_string_equal(small, "area_steps 40 -");
}

static void a_count_from_nothing_has_no_percentage(void **state)
{
	char text[256];

	(void)state;
	count(&night->cases[0], "purge", 0, 3, VERDICT_REGRESSED);
	assert_string_equal(night_changes(&night->cases[0], text, sizeof(text)), "purge 0 -> 3");
}

static void text_has_the_worst_first_and_the_summary_last(void **state)
{
	char *text = printed(night_print_text);

	(void)state;
	HAS(text, "HEAD 0123456789ab", "against fedcba987654", "size=32", "regression (confirmed)",
	    "size=16", "slowdown", "size=64", "inconclusive",
	    "\ntrimm: regressed 2, improved 0, unchanged 1, inconclusive 1,");
	assert_null(strstr(text, "size=8:"));
	assert_string_equal(strrchr(text, '\n'), "\n");
	free(text);
}

static void markdown_is_not_made_by_subjects(void **state)
{
	char *text = printed(night_print_markdown);

	(void)state;
	HAS(text, "### Night", "a \\< b && \"c\" \\| d\\_e", "short\\_\\<1>", "| case |",
	    "size=32 \\<&>", "area\\_steps 40 -> 52", "size=16");
	free(text);
}

static void nothing_to_show_is_no_table(void **state)
{
	char *text;

	(void)state;
	night_clear_cases(night);
	text = printed(night_print_markdown);
	assert_null(strstr(text, "| case |"));
	free(text);
}

static void junit_fails_what_gives_code_3(void **state)
{
	char *text = printed(night_print_junit);

	(void)state;
	HAS(text, "<?xml", "tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"1\"",
	    "name=\"size=8\"/>", "name=\"size=16\">", "<failure message=\"slowdown",
	    "name=\"size=32 &lt;&amp;&gt;\">", "<failure", "name=\"size=64\">", "<skipped",
	    "</testsuites>");
	free(text);
	night->gate = GATE_EXACT;
	night->cases[2].accepted_commit = night->head.commit;
	text = printed(night_print_junit);
	HAS(text, "tests=\"4\" failures=\"0\"", "name=\"size=16\"/>", "name=\"size=32");
	free(text);
}

static void a_night_that_failed_is_an_error(void **state)
{
	char *text;

	(void)state;
	night_clear_cases(night);
	night->status = "failed";
	night->why = "HEAD does not build: a.c:1: error: expected \";\"";
	text = printed(night_print_junit);
	HAS(text, "tests=\"1\" failures=\"0\" errors=\"1\"", "<error message=\"failed: HEAD",
	    "&quot;;&quot;");
	free(text);
	text = printed(night_print_text);
	HAS(text, "failed: HEAD does not build");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(changes_are_said_in_a_line),
		TEST(a_count_from_nothing_has_no_percentage),
		TEST(text_has_the_worst_first_and_the_summary_last),
		TEST(markdown_is_not_made_by_subjects),
		TEST(nothing_to_show_is_no_table),
		TEST(junit_fails_what_gives_code_3),
		TEST(a_night_that_failed_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
