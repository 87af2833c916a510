/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_bisect.c - which counter is asked, on which side a commit is, what git is told, and that no
 * commit is named that noise alone made look guilty.
 */
#include "bisect_rules.h"

#include "plot_bisect.h"
#include "run_files.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* As many as an end of the tests counts; and of the line that is searched. */
#define COUNTS	4
#define COMMITS 64

static struct bisect_count count(const char *name, enum better better, double value)
{
	return (struct bisect_count){.name = (char *)name,
				     .unit = "events",
				     .better = better,
				     .stable = true,
				     .value = value,
				     .ops = 1000};
}

static enum bisect_difference choose(struct bisect_count *good, struct bisect_count *bad, size_t n,
				     const char *metric, struct bisect_oracle *oracle)
{
	struct bisect_measured a = {.nr_counts = n, .counts = good},
			       b = {.nr_counts = n, .counts = bad};

	return bisect_choose_count(&a, &b, metric, true, oracle);
}

static void test_the_counter_that_differs_most_is_asked(void **state)
{
	struct bisect_count good[COUNTS] = {
		count("area_steps", BETTER_LOWER, 100), count("flush_range", BETTER_LOWER, 32),
		count("merged", BETTER_NONE, 1), count("free_2M", BETTER_HIGHER, 500)};
	struct bisect_count bad[COUNTS] = {
		count("area_steps", BETTER_LOWER, 400), count("flush_range", BETTER_LOWER, 320),
		count("merged", BETTER_NONE, 1000), count("free_2M", BETTER_HIGHER, 400)};
	struct bisect_oracle oracle;

	(void)state;
	assert_int_equal(choose(good, bad, COUNTS, NULL, &oracle), BISECT_DIFFER);
	assert_string_equal(oracle.metric, "flush_range");
	assert_float_equal(oracle.middle, sqrt(33 * 321.) - 1, 1e-9);
	bisect_oracle_free(&oracle);
	/* By name any will do, also one of which neither is better. */
	assert_int_equal(choose(good, bad, COUNTS, "merged", &oracle), BISECT_DIFFER);
	bisect_oracle_free(&oracle);
	assert_int_equal(choose(good, bad, COUNTS, "free_2M", &oracle), BISECT_DIFFER);
	assert_float_equal(oracle.old, 500, 0);
	bisect_oracle_free(&oracle);
	assert_int_equal(choose(good, bad, COUNTS, "shootdowns", &oracle), BISECT_NO_METRIC);
	assert_int_equal(choose(bad, good, COUNTS, NULL, &oracle), BISECT_SWAPPED);
	assert_int_equal(choose(bad, good, COUNTS, "area_steps", &oracle), BISECT_SWAPPED);
	assert_int_equal(choose(good, good, COUNTS, NULL, &oracle), BISECT_ALIKE);
}

static void test_what_has_not_changed_is_not_asked(void **state)
{
	struct bisect_count good[2] = {count("instructions", BETTER_LOWER, 100000),
				       count("walk_steps", BETTER_LOWER, 50)};
	struct bisect_count bad[2] = {count("instructions", BETTER_LOWER, 100400),
				      count("walk_steps", BETTER_LOWER, 59)};
	struct bisect_oracle oracle;

	(void)state;
	good[0].tolerance = 0.005;
	bad[1].slack = 10;
	assert_int_equal(choose(good, bad, 2, NULL, &oracle), BISECT_ALIKE);
	bad[0].value = 100600;
	assert_int_equal(choose(good, bad, 2, NULL, &oracle), BISECT_DIFFER);
	assert_string_equal(oracle.metric, "instructions");
	bisect_oracle_free(&oracle);
	/* What differs from repeat to repeat, or was counted over other work, is no oracle. */
	bad[0].stable = false;
	assert_int_equal(choose(good, bad, 2, NULL, &oracle), BISECT_ALIKE);
	assert_int_equal(choose(good, bad, 2, "instructions", &oracle), BISECT_NO_METRIC);
	bad[0].stable = true;
	bad[0].ops = 999;
	assert_int_equal(choose(good, bad, 2, "instructions", &oracle), BISECT_NO_METRIC);
}

static void test_sides_of_a_count(void **state)
{
	struct bisect_count good = count("flush_range", BETTER_LOWER, 0);
	struct bisect_count bad = count("flush_range", BETTER_LOWER, 63);
	static const struct {
		double value;
		enum bisect_side side;
	} table[] = {{0, BISECT_OLD},  {6, BISECT_OLD},	  {7, BISECT_OLD},	{8, BISECT_NEW},
		     {63, BISECT_NEW}, {1e6, BISECT_NEW}, {NAN, BISECT_UNCLEAR}};
	struct bisect_oracle oracle;

	(void)state;
	assert_int_equal(choose(&good, &bad, 1, NULL, &oracle), BISECT_DIFFER);
	assert_float_equal(oracle.middle, 7, 1e-9);
	oracle.middle = 7;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct bisect_value value = {table[i].value, table[i].value, table[i].value, 1};

		assert_int_equal(bisect_judge(&oracle, &value), table[i].side);
	}
	bisect_oracle_free(&oracle);
}

/* Ends whose processes all differ by @change, and whose copy differs by up to +-@noise. */
static enum bisect_difference choose_time(double change, double noise, bool bad_is_new,
					  struct bisect_oracle *oracle)
{
	double logs[2][12];
	struct bisect_measured copy = {.n = 12, .logs = logs[0]}, bad = {.n = 12, .logs = logs[1]};
	struct bisect_value between;

	for (size_t i = 0; i < 12; i++) {
		logs[0][i] = i % 2 ? noise : -noise;
		logs[1][i] = change;
	}
	return bisect_choose_time(&copy, &bad, 0.02, bad_is_new, COMMITS, &between, oracle);
}

static void test_ends_in_time(void **state)
{
	static const struct {
		double change, noise;
		enum bisect_difference difference;
	} table[] = {{0.05, 0.001, BISECT_DIFFER}, {-0.05, 0.001, BISECT_SWAPPED},
		     {0.005, 0.001, BISECT_ALIKE}, {0.05, 0.02, BISECT_ALIKE},
		     {0.07, 0.02, BISECT_DIFFER},  {0.0198, 0, BISECT_ALIKE}};
	struct bisect_oracle oracle;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_int_equal(choose_time(table[i].change, table[i].noise, true, &oracle),
				 table[i].difference);
		assert_float_equal(oracle.middle, table[i].change / 2, 1e-12);
		bisect_oracle_free(&oracle);
	}
}

static void test_sides_of_time(void **state)
{
	static const struct {
		double low, high;
		enum bisect_side worse_later, better_later;
	} table[] = {{-0.01, 0.02, BISECT_OLD, BISECT_NEW},
		     {0.03, 0.2, BISECT_NEW, BISECT_OLD},
		     {0.02, 0.03, BISECT_UNCLEAR, BISECT_UNCLEAR},
		     {-INFINITY, INFINITY, BISECT_UNCLEAR, BISECT_UNCLEAR}};
	struct bisect_oracle worse, better;

	(void)state;
	assert_int_equal(choose_time(log(1.05), 0, true, &worse), BISECT_DIFFER);
	assert_int_equal(choose_time(log(1.05), 0, false, &better), BISECT_DIFFER);
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct bisect_value value = {0.025, table[i].low, table[i].high, 10};

		assert_int_equal(bisect_judge(&worse, &value), table[i].worse_later);
		assert_int_equal(bisect_judge(&better, &value), table[i].better_later);
	}
	bisect_oracle_free(&worse);
	bisect_oracle_free(&better);
}

/* Any code but three ends the bisection: 2, 126, 127 and signals would blame a commit. */
static void test_codes_of_the_protocol(void **state)
{
	(void)state;
	assert_int_equal(bisect_code(BISECT_OLD), 0);
	assert_int_equal(bisect_code(BISECT_NEW), 1);
	assert_int_equal(bisect_code(BISECT_UNCLEAR), 125);
	assert_int_equal(bisect_code(BISECT_SKIPPED), 125);
	assert_true(bisect_code(BISECT_NONE) >= 129);
	for (int code = -300; code < 300; code++) {
		int safe = bisect_code_safe(code);

		if (code == 0 || code == 1 || code == 125)
			assert_int_equal(safe, code);
		else
			assert_true(safe >= 129 && safe < 256);
	}
}

static void test_cache_gives_back_what_it_took(void **state)
{
	struct bisect_count counts[2] = {count("a", BETTER_HIGHER, 3), count("b", BETTER_NONE, 4)};
	double logs[3] = {0.01, -0.5, 0.30000000000000004};
	struct bisect_measured in = {.nr_counts = 2,
				     .counts = counts,
				     .n = 3,
				     .logs = logs,
				     .run = (char *)"20261121T114720-3f9a"},
			       out;
	json_t *json;

	(void)state;
	counts[0].stable = false;
	counts[1].slack = 10;
	json = bisect_measured_json(&in);
	assert_int_equal(bisect_measured_from_json(json, &out), 0);
	assert_int_equal(out.nr_counts, 2);
	assert_int_equal(out.counts[0].better, BETTER_HIGHER);
	assert_false(out.counts[0].stable);
	assert_true(out.counts[1].stable);
	assert_float_equal(out.counts[1].slack, 10, 0);
	assert_int_equal(out.n, 3);
	assert_memory_equal(out.logs, logs, sizeof(logs));
	bisect_measured_free(&out);
	json_object_set_new(json, "counters", json_pack("[{s:s}]", "name", "a"));
	assert_int_equal(bisect_measured_from_json(json, &out), -1);
	json_decref(json);
}

/* Sides by letter: "O..N": old, not measured, new; behind "/" the same of what was built anew. */
static struct bisect_range conclude(const char *sides, const char *again)
{
	static const char letters[] = ".ONUS";
	struct bisect_point points[64] = {{NULL}};
	size_t n = strlen(sides);

	for (size_t i = 0; i < n; i++) {
		points[i].side = (enum bisect_side)(strchr(letters, sides[i]) - letters);
		points[i].again = (enum bisect_side)(strchr(letters, again[i]) - letters);
	}
	return bisect_conclude(points, n);
}

static void expect_range(const char *sides, const char *again, size_t old, size_t new, bool found)
{
	struct bisect_range range = conclude(sides, again);

	assert_int_equal(range.old, old);
	assert_int_equal(range.new, new);
	assert_int_equal(range.found, found);
}

static void test_what_may_be_said(void **state)
{
	(void)state;
	expect_range("O.O.ON.N..N", "....ON.....", 4, 5, true);
	expect_range("ON", "ON", 0, 1, true);
	/* Not measured anew: not sure enough to name it. */
	expect_range("O.O.ON.N..N", "...........", 4, 5, false);
	expect_range("O.O.ON.N..N", "....O......", 4, 5, false);
	/* What is not confirmed opens the range on its side. */
	expect_range("O.O.ON.N..N", "....UN.....", 2, 5, false);
	expect_range("O.O.ON.N..N", "....NN.....", 2, 5, false);
	expect_range("O.O.ON.N..N", "....OO.....", 4, 7, false);
	expect_range("O.O.ON.N..N", "....OU.....", 4, 7, false);
	expect_range("O.O.ON.N..N", "....SS.....", 2, 7, false);
	/* Skipped ones stay in it. */
	expect_range("O.OSSUN.N", "..O...N..", 2, 6, false);
	expect_range("O......N", "O......N", 0, 7, false);
}

static uint64_t seed;

static double uniform(void)
{
	uint64_t x = seed += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return ((double)((x ^ (x >> 31)) >> 11) + 0.5) * 0x1p-53;
}

static double normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

/* A machine that measures commits: what is true, and how it errs. */
struct machine {
	double change;	 /* ln of what the guilty commit costs */
	double noise;	 /* spread of a process's median */
	double outliers; /* share of processes that a neighbour disturbed */
	double layout;	 /* spread that a build has of its own, in all its processes */
	size_t guilty;
};

#define MORE 3 /* times as many processes where an interval was unclear */

static double process(const struct machine *machine, size_t commit, double layout)
{
	double value = commit >= machine->guilty ? machine->change : 0;

	value += layout + machine->noise * normal();
	if (uniform() < machine->outliers)
		value += (uniform() < 0.5 ? -1 : 1) * 0.2 * uniform();
	return value;
}

/* As a step does it: so many processes, and once more of them. */
static enum bisect_side measure(const struct machine *machine, const struct bisect_oracle *oracle,
				size_t commit)
{
	size_t first = bisect_processes(COMMITS), n = 0;
	double logs[256], layout = machine->layout * normal();
	enum bisect_side side = BISECT_UNCLEAR;

	assert_true(MORE * first <= sizeof(logs) / sizeof(*logs));
	for (size_t want = first; want <= MORE * first && side == BISECT_UNCLEAR;
	     want += (MORE - 1) * first) {
		struct bisect_measured measured = {.logs = logs};
		struct bisect_value value;

		while (n < want)
			logs[n++] = process(machine, commit, layout);
		measured.n = n;
		value = bisect_value_of(oracle, &measured);
		side = bisect_judge(oracle, &value);
	}
	return side;
}

/* The commit in the middle of those left, or the nearest that was not tried yet; 0: none. */
static size_t next_commit(const struct bisect_point *points)
{
	struct bisect_range range = bisect_conclude(points, COMMITS);
	size_t middle = (range.old + range.new) / 2, best = 0;

	for (size_t i = range.old + 1; i < range.new; i++)
		if (points[i].side == BISECT_NONE &&
		    (!best || labs((long)i - (long)middle) < labs((long)best - (long)middle)))
			best = i;
	return best;
}

static struct bisect_range search(const struct machine *machine, size_t *measured)
{
	struct bisect_point points[COMMITS] = {{NULL}};
	struct bisect_oracle oracle;
	struct bisect_range range;
	size_t at;

	choose_time(machine->change, 0, true, &oracle);
	points[0].side = BISECT_OLD;
	points[COMMITS - 1].side = BISECT_NEW;
	*measured = 2;
	while ((at = next_commit(points))) {
		points[at].side = measure(machine, &oracle, at);
		++*measured;
	}
	range = bisect_conclude(points, COMMITS);
	points[range.old].again = measure(machine, &oracle, range.old);
	points[range.new].again = measure(machine, &oracle, range.new);
	bisect_oracle_free(&oracle);
	return bisect_conclude(points, COMMITS);
}

/* Whatever the noise: what is named is guilty, and a range holds the guilty one. */
static void test_noise_names_no_innocent_commit(void **state)
{
	static const struct {
		struct machine machine;
		double found; /* at least, of the trials */
	} table[] = {
		{{.change = 0.05, .noise = 0.002}, 0.99},
		{{.change = 0.05, .noise = 0.01, .layout = 0.002}, 0.95},
		{{.change = 0.05, .noise = 0.02, .outliers = 0.2, .layout = 0.002}, 0.25},
		{{.change = 0.025, .noise = 0.02, .outliers = 0.1, .layout = 0.001}, 0},
		{{.change = 0.02, .noise = 0.05, .outliers = 0.3}, 0},
		{{.change = -0.05, .noise = 0.02, .outliers = 0.1}, 0.5},
	};
	enum { TRIALS = 400 };

	(void)state;
	seed = 1;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		size_t found = 0, wrong = 0, measured, most = 0;

		for (size_t trial = 0; trial < TRIALS; trial++) {
			struct machine machine = table[i].machine;
			struct bisect_range range;

			machine.guilty = 1 + (size_t)(uniform() * (COMMITS - 1));
			range = search(&machine, &measured);
			wrong += machine.guilty <= range.old || machine.guilty > range.new;
			found += range.found;
			if (range.found && measured > most)
				most = measured;
		}
		/* 0.05 is what the intervals promise where commits lie in the middle itself. */
		if (wrong > 0.005 * TRIALS || found < table[i].found * TRIALS)
			fail_msg("row %zu: %zu found, %zu wrong of %d", i, found, wrong, TRIALS);
	}
}

/* 64 commits, without noise: six steps, two ends; the neighbours are among them. */
static void test_how_many_commits_are_measured(void **state)
{
	struct machine machine = {.change = 0.05};
	size_t measured;

	(void)state;
	for (machine.guilty = 1; machine.guilty < COMMITS; machine.guilty++) {
		struct bisect_range range = search(&machine, &measured);

		assert_true(range.found);
		assert_int_equal(range.new, machine.guilty);
		assert_true(measured + 2 <= 6 + 4);
	}
}

/* A bisection of eight commits, with one that could not be built. */
static void make_points(struct bisect_point *points, struct bisection *bisection)
{
	static const double values[] = {32, 32, NAN, 32, 320, 320, 320, 320};
	static const char sides[] = "O.SON.NN";
	static const char letters[] = ".ONUS";

	*bisection = (struct bisection){
		.id = "20261121T114720-3f9a",
		.repo = "/source/core",
		.workload = "unmap-storm",
		.words = "unmap-storm nr_pages=1",
		.started = "2026-11-21T11:47:20Z",
		.machine = "0123456789abcdef",
		.version = "0.1.0",
		.log = "results/bisects/20261121T114720-3f9a.ndjson",
		.command = "trimm bisect --good v1 --bad v2 unmap-storm nr_pages=1",
		.bad_is_new = true,
		.n = 8,
		.points = points,
		.status = BISECT_FOUND,
		.seconds = 61,
	};
	bisection->oracle = (struct bisect_oracle){.metric = (char *)"flush_range",
						   .unit = (char *)"flushes",
						   .exact = true,
						   .better = BETTER_LOWER,
						   .old = 32,
						   .new = 320,
						   .middle = 101.9,
						   .ops = 1000};
	for (size_t i = 0; i < 8; i++) {
		static const char *const commits[] = {"00aa000000000000000000000000000000000000",
						      "11bb000000000000000000000000000000000000",
						      "22cc000000000000000000000000000000000000",
						      "33dd000000000000000000000000000000000000",
						      "44ee000000000000000000000000000000000000",
						      "55ff000000000000000000000000000000000000",
						      "66ab000000000000000000000000000000000000",
						      "77cd000000000000000000000000000000000000"};
		double value = values[i];

		points[i] = (struct bisect_point){
			.commit = (char *)commits[i],
			.subject = (char *)"vmalloc: a change",
			.author_date = (char *)"2026-11-20T10:00:00+00:00",
			.side = (enum bisect_side)(strchr(letters, sides[i]) - letters),
			.value = {value, value, value, 1},
			.order = sides[i] == '.' ? 0 : i + 1,
		};
	}
	points[2].why = (char *)"make core: vmalloc.c:1: expected ;";
	points[3].again = BISECT_OLD;
	points[3].anew = points[3].value;
	points[4].again = BISECT_NEW;
	points[4].anew = points[4].value;
	bisection->range = bisect_conclude(points, 8);
}

static char *printed(const struct bisection *bisection, enum bisect_format format)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	bisect_print(bisection, format, out);
	fclose(out);
	return text;
}

static void test_the_report_names_the_commit(void **state)
{
	struct bisect_point points[8];
	struct bisection bisection;
	char *text;

	(void)state;
	make_points(points, &bisection);
	text = printed(&bisection, BISECT_TEXT);
	assert_non_null(strstr(text, "44ee00000000 made it worse: flush_range 32 -> 320 flushes "
				     "(10x)\n"));
	assert_non_null(strstr(text, "  author date  2026-11-20T10:00:00+00:00\n"));
	assert_non_null(strstr(text, "100 % of the difference"));
	assert_non_null(strstr(text, "make core: vmalloc.c:1"));
	assert_null(strstr(text, "11bb"));
	assert_non_null(strstr(text, "\ntrimm: bisect: found 44ee00000000, flush_range 32 -> 320 "
				     "flushes (10x); 6 of 8 commits measured, 61 s\n"));
	free(text);
	text = printed(&bisection, BISECT_MARKDOWN);
	assert_non_null(strstr(text, "## 44ee00000000 made it worse"));
	assert_non_null(strstr(text, "| 3 | `33dd00000000` | 32 | as good | 32 | as good |  |\n"));
	free(text);
}

static void test_the_report_as_json(void **state)
{
	struct bisect_point points[8];
	struct bisection bisection;
	json_t *json;
	char *text;

	(void)state;
	make_points(points, &bisection);
	text = printed(&bisection, BISECT_JSON);
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	assert_string_equal(json_string_value(json_object_get(json, "commit")), points[4].commit);
	assert_string_equal(json_string_value(json_object_get(json, "status")), "found");
	assert_int_equal(json_array_size(json_object_get(json, "points")), 6);
	json_decref(json);
	free(text);
}

static void test_an_unclear_report_names_a_range(void **state)
{
	struct bisect_point points[8];
	struct bisection bisection;
	json_t *json;
	char *text;

	(void)state;
	make_points(points, &bisection);
	points[3].side = BISECT_SKIPPED;
	points[3].again = BISECT_NONE;
	bisection.range = bisect_conclude(points, 8);
	bisection.status = BISECT_UNCLEAR_RANGE;
	text = printed(&bisection, BISECT_TEXT);
	assert_non_null(strstr(text, "signal unclear: one of these 4 commits: 2 could not be built "
				     "or run, 0 were unclear"));
	assert_non_null(strstr(text, "after        00aa"));
	assert_non_null(strstr(text, "trimm: bisect: signal unclear: one of 4 commits, after "
				     "00aa00000000 up to 44ee00000000; "));
	free(text);
	text = printed(&bisection, BISECT_JSON);
	json = json_loads(text, 0, NULL);
	assert_null(json_object_get(json, "commit"));
	assert_string_equal(json_string_value(json_object_get(json, "status")), "unclear");
	json_decref(json);
	free(text);
}

static void test_the_figure(void **state)
{
	struct bisect_point points[8];
	struct bisection bisection;
	char *svg;
	int err;

	(void)state;
	make_points(points, &bisection);
	err = plot_bisect(&bisection, files_folder());
	if (err == -ENOENT)
		skip();
	assert_int_equal(err, 0);
	svg = files_path("20261121T114720-3f9a.svg");
	assert_int_equal(access(svg, R_OK), 0);
	free(svg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_counter_that_differs_most_is_asked),
		cmocka_unit_test(test_what_has_not_changed_is_not_asked),
		cmocka_unit_test(test_sides_of_a_count),
		cmocka_unit_test(test_ends_in_time),
		cmocka_unit_test(test_sides_of_time),
		cmocka_unit_test(test_codes_of_the_protocol),
		cmocka_unit_test(test_cache_gives_back_what_it_took),
		cmocka_unit_test(test_what_may_be_said),
		cmocka_unit_test(test_noise_names_no_innocent_commit),
		cmocka_unit_test(test_how_many_commits_are_measured),
		cmocka_unit_test(test_the_report_names_the_commit),
		cmocka_unit_test(test_the_report_as_json),
		cmocka_unit_test(test_an_unclear_report_names_a_range),
		cmocka_unit_test(test_the_figure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
