/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_compare.c - verdicts on runs whose truth is known, why others get none, and what is
 * printed.
 */
#include "compare.h"

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

static struct run *load_shape(const char *name, const struct record_shape *shape)
{
	char *path = files_make_run(name, shape);
	struct run_error error;
	struct run *run;

	if (run_load(path, &run, &error))
		fail_msg("%s", error.text);
	free(path);
	return run;
}

static struct comparison *compare_arms(const struct run *run, const char *factor)
{
	struct comparison *comparison;
	struct run_error error;

	if (compare_by(run, factor, &defaults, &comparison, &error))
		fail_msg("%s", error.text);
	return comparison;
}

static const struct compare_row *find(const struct comparison *comparison, size_t group,
				      enum row_kind kind, const char *metric)
{
	for (size_t i = 0; i < comparison->groups[group].nr_rows; i++) {
		const struct compare_row *row = &comparison->groups[group].rows[i];

		if (row->kind == kind && !strcmp(row->metric, metric))
			return row;
	}
	return NULL;
}

static struct record_shape two_builds(double cost)
{
	struct record_shape shape = record_shape_default();

	shape.factor = "label";
	shape.base = "a";
	shape.next = "b";
	shape.same_work = true;
	shape.cost = cost;
	shape.noise = 0.002;
	shape.intervals = false;
	return shape;
}

/* Time rows of one verdict. */
static size_t timed(const struct comparison *comparison, enum verdict verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < comparison->nr_groups; i++)
		n += find(comparison, i, ROW_TIME, "total")->verdict == verdict;
	return n;
}

static void test_lazy_against_eager(void **state)
{
	struct record_shape shape = record_shape_default();
	struct run *run = load_shape("lazy.ndjson", &shape);
	struct comparison *comparison = compare_arms(run, "flush");
	const struct compare_row *row;
	char text[400];

	(void)state;
	assert_int_equal(comparison->nr_groups, 10);
	assert_string_equal(comparison->groups[3].label, "nr_pages=8");
	assert_string_equal(comparison->groups[3].base_name, "eager");
	assert_string_equal(comparison->groups[3].next_name, "lazy");
	row = find(comparison, 0, ROW_TIME, "total");
	assert_int_equal(row->verdict, VERDICT_IMPROVED);
	assert_string_equal(row->unit, "ns/op");
	assert_int_equal(row->n, 12);
	assert_true(row->low < row->ratio && row->ratio < row->high && row->high < 0.2);
	row = find(comparison, 0, ROW_EXACT, "flush_range");
	assert_int_equal(row->verdict, VERDICT_IMPROVED);
	row = find(comparison, 0, ROW_EXACT, "table_write");
	assert_int_equal(row->verdict, VERDICT_UNCHANGED);
	row = find(comparison, 0, ROW_EXACT, "waiting_pages_max");
	assert_int_equal(row->verdict, VERDICT_SHOWN);
	row = find(comparison, 0, ROW_SAMPLES, "free.max");
	assert_int_equal(row->verdict, VERDICT_SHOWN);
	assert_true(row->low > 5);
	row = find(comparison, 0, ROW_COUNTER, "host_tlb_shootdowns");
	assert_string_equal(row->unit, "interrupts/op");
	assert_float_equal(row->base, 1, 1e-9);
	assert_int_equal(comparison->nr_geomeans, 1);
	assert_int_equal(comparison->geomeans[0].n, 10);
	compare_headline(comparison, text, sizeof(text));
	assert_non_null(strstr(text, "lazy against eager: total time "));
	assert_non_null(strstr(text, "x faster (geomean of 10 cases), shootdowns 1/"));
	assert_non_null(strstr(text, "slowest frees (p99.99) "));
	comparison_free(comparison);
	run_free(run);
}

static void test_base_by_name(void **state)
{
	struct record_shape shape = record_shape_default();
	struct run *run = load_shape("base.ndjson", &shape);
	struct compare_options options = defaults;
	struct comparison *comparison;
	struct run_error error;

	(void)state;
	options.base = "lazy";
	assert_int_equal(compare_by(run, "flush", &options, &comparison, &error), 0);
	assert_string_equal(comparison->groups[0].base_name, "lazy");
	assert_int_equal(find(comparison, 0, ROW_TIME, "total")->verdict, VERDICT_REGRESSED);
	assert_int_equal(compare_exit_code(comparison), 3);
	comparison_free(comparison);
	options.base = "none";
	assert_int_equal(compare_by(run, "flush", &options, &comparison, &error), -1);
	assert_non_null(strstr(error.text, "nothing to compare by flush with base none"));
	assert_int_equal(compare_by(run, "cpus", &defaults, &comparison, &error), -1);
	assert_non_null(strstr(error.text, "nothing to compare by cpus; arms differ in: flush"));
	assert_null(comparison);
	run_free(run);
}

static bool said(const struct comparison *comparison, const char *words)
{
	for (size_t i = 0; i < comparison->nr_footnotes; i++) {
		if (strstr(comparison->footnotes[i], words))
			return true;
	}
	return false;
}

/* What else two arms differ in is said, but for the answers an era is a name for. */
static void test_by_era(void **state)
{
	static const char *const factors[] = {"label", "era"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct record_shape shape = record_shape_default();
		struct comparison *comparison;
		struct run *run;

		shape.factor = factors[i];
		shape.base = "5.2";
		shape.next = "6.9";
		run = load_shape("era.ndjson", &shape);
		for (size_t k = 0; k < run->nr_benches; k++)
			json_object_set_new(run->benches[k].params, "areas",
					    json_string(k % 2 ? "nodes" : "augmented"));
		comparison = compare_arms(run, factors[i]);
		assert_int_equal(comparison->nr_groups, 10);
		assert_int_equal(said(comparison, "differ in areas, too"), !i);
		comparison_free(comparison);
		run_free(run);
	}
}

/* Equal arms: no verdict in any of 20 runs of 10 cases at 95 % for all of them at once. */
static void test_no_false_alarm(void **state)
{
	size_t alarms = 0, unchanged = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct record_shape shape = two_builds(1);
		struct comparison *comparison;
		struct run *run;

		shape.seed = seed;
		shape.noise = 0.02;
		run = load_shape("equal.ndjson", &shape);
		comparison = compare_arms(run, "label");
		alarms += timed(comparison, VERDICT_REGRESSED);
		alarms += timed(comparison, VERDICT_IMPROVED);
		unchanged += timed(comparison, VERDICT_UNCHANGED);
		assert_int_not_equal(compare_exit_code(comparison), 3);
		comparison_free(comparison);
		run_free(run);
	}
	assert_int_equal(alarms, 0);
	assert_true(unchanged > 100);
}

static void test_five_percent_is_found(void **state)
{
	struct record_shape slower = two_builds(1.05), faster = two_builds(0.95);
	struct run *run = load_shape("slower.ndjson", &slower);
	struct comparison *comparison = compare_arms(run, "label");

	(void)state;
	assert_int_equal(timed(comparison, VERDICT_REGRESSED), 10);
	assert_int_equal(compare_exit_code(comparison), 3);
	comparison_free(comparison);
	run_free(run);
	run = load_shape("faster.ndjson", &faster);
	comparison = compare_arms(run, "label");
	assert_int_equal(timed(comparison, VERDICT_IMPROVED), 10);
	assert_int_equal(compare_exit_code(comparison), 0);
	comparison_free(comparison);
	run_free(run);
}

/* The arms' own noise is the yardstick: where it is large, 5 % is not called. */
static void test_noise_raises_the_floor(void **state)
{
	struct record_shape shape = two_builds(1.05);
	struct comparison *comparison;
	struct run *run;
	const struct compare_row *row;

	(void)state;
	shape.noise = 0.1;
	run = load_shape("noisy.ndjson", &shape);
	comparison = compare_arms(run, "label");
	row = find(comparison, 0, ROW_TIME, "total");
	assert_true(row->floor > 0.1);
	assert_int_equal(timed(comparison, VERDICT_REGRESSED), 0);
	comparison_free(comparison);
	run_free(run);
}

static void test_too_few_blocks(void **state)
{
	struct record_shape shape = two_builds(1.5);
	struct comparison *comparison;
	struct run *run;
	char text[400];

	(void)state;
	shape.blocks = 8;
	run = load_shape("few.ndjson", &shape);
	comparison = compare_arms(run, "label");
	assert_int_equal(timed(comparison, VERDICT_INCONCLUSIVE), 10);
	assert_string_equal(find(comparison, 0, ROW_TIME, "total")->why, "8 blocks, needs 9");
	compare_headline(comparison, text, sizeof(text));
	assert_non_null(strstr(text, "slower (geomean of 10 cases), but inconclusive"));
	assert_int_equal(compare_exit_code(comparison), 4);
	comparison_free(comparison);
	run_free(run);
}

/* Cases that were only counted, or timed by an emulator, don't widen the others' intervals. */
static void test_only_judged_times_share_the_confidence(void **state)
{
	struct record_shape shape = two_builds(1.5);
	struct comparison *comparison;
	struct run *run;

	(void)state;
	shape.blocks = 8;
	run = load_shape("mixed.ndjson", &shape);
	for (size_t i = 2; i < run->nr_benches; i++)
		json_array_clear(json_object_get(run->benches[i].json, "caps"));
	comparison = compare_arms(run, "label");
	assert_int_equal(find(comparison, 0, ROW_TIME, "total")->verdict, VERDICT_REGRESSED);
	assert_int_equal(timed(comparison, VERDICT_SHOWN), 9);
	comparison_free(comparison);
	run_free(run);
}

static void expect_outcome(struct record_shape *shape, enum verdict verdict, const char *why,
			   size_t nr_rows_least, int exit_code)
{
	struct run *run = load_shape("outcome.ndjson", shape);
	struct comparison *comparison = compare_arms(run, "flush");
	const struct compare_row *row = &comparison->groups[0].rows[0];

	assert_int_equal(row->kind, ROW_OUTCOME);
	assert_int_equal(row->verdict, verdict);
	if (!strstr(row->why, why))
		fail_msg("said \"%s\", not \"%s\"", row->why, why);
	assert_true(comparison->groups[0].nr_rows >= nr_rows_least);
	for (size_t i = 1; i < comparison->groups[0].nr_rows; i++)
		assert_int_equal(comparison->groups[0].rows[i].verdict, VERDICT_SHOWN);
	assert_int_equal(comparison->count[verdict], 10);
	assert_int_equal(compare_exit_code(comparison), exit_code);
	comparison_free(comparison);
	run_free(run);
}

static void test_not_judged(void **state)
{
	struct record_shape shape = record_shape_default();

	(void)state;
	shape.intervals = false;
	shape.next_digest = "fedcba9876543210";
	expect_outcome(&shape, VERDICT_NOT_COMPARABLE, "operations differ: digest 0123", 1, 4);
	shape.next_digest = NULL;
	shape.check_level = 1;
	expect_outcome(&shape, VERDICT_NOT_COMPARABLE, "checks on", 10, 4);
	shape.check_level = 0;
	shape.end = NULL;
	expect_outcome(&shape, VERDICT_NOT_COMPARABLE, "incomplete", 10, 4);
	shape.end = "ok";
	shape.skip_next = "needs 4 CPUs";
	expect_outcome(&shape, VERDICT_SKIPPED, "lazy skipped: needs 4 CPUs", 1, 77);
	shape.skip_status = "not_applicable";
	shape.skip_next = "has no such thing";
	expect_outcome(&shape, VERDICT_NOT_APPLICABLE, "lazy not applicable: has no such thing", 1,
		       77);
}

/* One value a case: counters of those that differ in nothing else are judged, time is not. */
static void test_cases_of_one_run(void **state)
{
	struct record_shape shape = two_builds(1.5);
	struct comparison *comparison;
	const struct compare_row *row;
	struct run_error error;
	struct run *run;
	char text[400];

	(void)state;
	shape.factor = "kernel";
	shape.base = "6.1";
	shape.next = "6.12";
	shape.apart = true;
	run = load_shape("apart.ndjson", &shape);
	comparison = compare_arms(run, "kernel");
	assert_int_equal(comparison->nr_groups, 10);
	assert_false(comparison->paired);
	assert_string_equal(comparison->groups[3].label, "nr_pages=8");
	assert_string_equal(comparison->groups[3].base_name, "6.1");
	assert_string_equal(comparison->groups[3].next_name, "6.12");
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		row = find(comparison, i, ROW_TIME, "total");
		assert_int_equal(row->verdict, VERDICT_SHOWN);
		assert_float_equal(row->ratio, 1.5, 0.05);
		row = find(comparison, i, ROW_EXACT, "flush_range");
		assert_int_equal(row->verdict, VERDICT_UNCHANGED);
	}
	assert_int_equal(compare_exit_code(comparison), 0);
	compare_headline(comparison, text, sizeof(text));
	assert_non_null(strstr(text, "6.12 against 6.1: total time 1.5"));
	assert_non_null(strstr(text, ", unpaired"));
	comparison_free(comparison);
	assert_int_equal(compare_by(run, "flush", &defaults, &comparison, &error), -1);
	assert_non_null(strstr(error.text, "one arm a case); cases in: kernel, nr_pages"));
	run_free(run);

	shape.exact = true;
	shape.more = 5;
	run = load_shape("apart.ndjson", &shape);
	comparison = compare_arms(run, "kernel");
	row = find(comparison, 9, ROW_EXACT, "instructions");
	assert_int_equal(row->verdict, VERDICT_REGRESSED);
	assert_int_equal(compare_exit_code(comparison), 3);
	comparison_free(comparison);
	run_free(run);
}

static struct comparison *compare_files(const struct run *base, const struct run *next)
{
	struct comparison *comparison;
	struct run_error error;

	if (compare_runs(base, next, NULL, &defaults, &comparison, &error))
		fail_msg("%s", error.text);
	return comparison;
}

/* Between files counters are judged and time is not, however far apart. */
static void test_two_runs(void **state)
{
	struct record_shape shape = two_builds(1), slow = two_builds(1.5);
	struct run *base = load_shape("one.ndjson", &shape), *next;
	struct comparison *comparison;
	const struct compare_row *row;

	(void)state;
	slow.run_id = "20261122T000000-0000";
	next = load_shape("two.ndjson", &slow);
	comparison = compare_files(base, next);
	assert_int_equal(comparison->nr_groups, 20);
	assert_string_equal(comparison->groups[1].label, "nr_pages=1 label=b");
	row = find(comparison, 1, ROW_TIME, "total");
	assert_int_equal(row->verdict, VERDICT_SHOWN);
	assert_string_equal(row->why, "unpaired");
	assert_float_equal(row->ratio, 1.5, 0.05);
	assert_true(isnan(row->low));
	assert_int_equal(find(comparison, 1, ROW_EXACT, "flush_range")->verdict, VERDICT_UNCHANGED);
	assert_int_equal(compare_exit_code(comparison), 0);
	comparison_free(comparison);
	run_free(next);

	/* The same in all but the work: exact counters tell. */
	slow = two_builds(0);
	slow.same_work = false;
	next = load_shape("two.ndjson", &slow);
	comparison = compare_files(next, base);
	assert_int_equal(find(comparison, 1, ROW_EXACT, "flush_range")->verdict, VERDICT_REGRESSED);
	assert_int_equal(compare_exit_code(comparison), 3);
	comparison_free(comparison);
	run_free(next);
	run_free(base);
}

/* Each run in a kernel of its own: alike in all else. */
static void test_two_runs_by_a_factor(void **state)
{
	static const char *const kernel[] = {"6.1", "6.12", "6.1"};
	struct record_shape shape = two_builds(1);
	struct comparison *comparison;
	struct run_error error;
	struct run *run[3];

	(void)state;
	shape.factor = "kernel";
	shape.apart = true;
	shape.pages[1] = 0;
	for (int i = 0; i < 3; i++) {
		shape.base = kernel[i];
		shape.next = kernel[i];
		run[i] = load_shape(i == 1 ? "next.ndjson" : "base.ndjson", &shape);
	}
	assert_int_equal(compare_runs(run[0], run[1], NULL, &defaults, &comparison, &error), 1);
	assert_int_equal(compare_runs(run[0], run[1], "kernel", &defaults, &comparison, &error), 0);
	assert_int_equal(comparison->nr_groups, 2);
	assert_string_equal(comparison->factor, "kernel");
	assert_string_equal(comparison->groups[0].base_name, "6.1");
	assert_string_equal(comparison->groups[0].next_name, "6.12");
	assert_int_equal(compare_exit_code(comparison), 0);
	comparison_free(comparison);
	/* Like with like is no error: it shows what differs without a reason. */
	assert_int_equal(compare_runs(run[0], run[2], "kernel", &defaults, &comparison, &error), 0);
	assert_int_equal(comparison->count[VERDICT_REGRESSED], 0);
	assert_true(comparison->count[VERDICT_UNCHANGED] > 0);
	comparison_free(comparison);
	for (int i = 0; i < 3; i++)
		run_free(run[i]);
}

static void test_run_sets_differ(void **state)
{
	struct record_shape shape = two_builds(1), fewer = two_builds(1);
	struct run *base = load_shape("all.ndjson", &shape), *next;
	struct comparison *comparison;
	struct run_error error;
	size_t found = 0;

	(void)state;
	fewer.pages[4] = 0;
	next = load_shape("fewer.ndjson", &fewer);
	comparison = compare_files(base, next);
	assert_int_equal(comparison->nr_groups, 8);
	for (size_t i = 0; i < comparison->nr_footnotes; i++)
		found += !strcmp(comparison->footnotes[i],
				 "benchmark set differs: 12 only in 20261121T114720-3f9a");
	assert_int_equal(found, 1);
	comparison_free(comparison);
	run_free(next);
	fewer.pages[0] = 3;
	fewer.pages[1] = 0;
	next = load_shape("fewer.ndjson", &fewer);
	assert_int_equal(compare_runs(base, next, NULL, &defaults, &comparison, &error), 1);
	assert_non_null(strstr(error.text,
			       "have no benchmark with equal parameters; the nearest, of "
			       "unmap-storm, differ in nr_pages (1, 3)"));
	run_free(next);
	run_free(base);
}

static char *printed(const struct comparison *comparison, enum compare_format format, bool verbose)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	compare_print(comparison, format, verbose, out);
	fclose(out);
	return text;
}

/* Two builds, the second with @more instructions an operation; counted, not timed. */
static struct comparison *compare_exact(unsigned int more, struct run *run[2])
{
	struct record_shape shape = two_builds(0);
	struct comparison *comparison;
	struct run_error error;

	shape.exact = true;
	run[0] = load_shape("base.ndjson", &shape);
	shape.more = more;
	run[1] = load_shape("next.ndjson", &shape);
	if (compare_runs(run[0], run[1], NULL, &defaults, &comparison, &error))
		fail_msg("%s", error.text);
	return comparison;
}

static void test_exact_runs_gate(void **state)
{
	/* Of 800: 0.5 % is 4. */
	static const struct {
		unsigned int more;
		enum verdict verdict;
		int code;
	} given[] = {
		{0, VERDICT_UNCHANGED, 0}, {4, VERDICT_UNCHANGED, 0}, {5, VERDICT_REGRESSED, 3}};
	char headline[400];

	(void)state;
	for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
		struct run *run[2];
		struct comparison *comparison = compare_exact(given[i].more, run);
		const struct compare_row *row = find(comparison, 1, ROW_EXACT, "instructions");

		assert_int_equal(row->verdict, given[i].verdict);
		assert_float_equal(row->base, 800, 0);
		assert_float_equal(row->next, 800 + given[i].more, 0);
		assert_string_equal(row->unit, "instructions/op");
		assert_float_equal(row->floor, 0.005, 0);
		assert_int_equal(compare_exit_code(comparison), given[i].code);
		for (size_t g = 0; g < comparison->nr_groups; g++)
			assert_null(find(comparison, g, ROW_TIME, "total"));
		compare_headline(comparison, headline, sizeof(headline));
		if (given[i].code)
			assert_non_null(strstr(headline, "instructions 0.6% more"));
		comparison_free(comparison);
		run_free(run[0]);
		run_free(run[1]);
	}
}

/* So many more are no regression, one more than that is. */
static void test_slack_of_an_exact_counter(void **state)
{
	struct record_shape shape = record_shape_default();

	(void)state;
	shape.exact = true;
	for (int beyond = 0; beyond < 2; beyond++) {
		struct run *run = load_shape("slack.ndjson", &shape);
		struct comparison *comparison;
		const struct compare_row *row;
		struct counter *counter =
			(struct counter *)bench_counter(&run->benches[1], "exact", "stlb_misses");

		counter->slack = 0.0625 * (double)counter->ops;
		counter->value += counter->slack + beyond;
		comparison = compare_arms(run, "flush");
		row = find(comparison, 0, ROW_EXACT, "stlb_misses");
		assert_int_equal(row->verdict, beyond ? VERDICT_REGRESSED : VERDICT_UNCHANGED);
		assert_float_equal(row->slack, 0.0625, 0);
		comparison_free(comparison);
		run_free(run);
	}
}

/* One event more of mmcore's own is a change: those have no threshold. */
static void test_arms_of_an_exact_run(void **state)
{
	struct record_shape shape = record_shape_default();
	struct comparison *comparison;
	struct run *run;

	(void)state;
	shape.exact = true;
	run = load_shape("exact.ndjson", &shape);
	assert_true(bench_is_exact(&run->benches[0]));
	assert_false(bench_real_time(&run->benches[0]));
	comparison = compare_arms(run, "flush");
	assert_int_equal(find(comparison, 0, ROW_EXACT, "instructions")->verdict,
			 VERDICT_UNCHANGED);
	assert_int_equal(find(comparison, 0, ROW_EXACT, "invlpg")->verdict, VERDICT_IMPROVED);
	assert_true(isnan(find(comparison, 0, ROW_EXACT, "flush_range")->floor));
	assert_null(find(comparison, 0, ROW_TIME, "total"));
	assert_int_equal(compare_exit_code(comparison), 0);
	comparison_free(comparison);
	run_free(run);
}

static void test_emulated_time_is_labelled(void **state)
{
	struct record_shape shape = record_shape_default();
	struct comparison *comparison;
	bool said = false;
	struct run *run;

	(void)state;
	shape.emulated = true;
	run = load_shape("emulated.ndjson", &shape);
	comparison = compare_arms(run, "flush");
	for (size_t i = 0; i < comparison->nr_groups; i++)
		assert_int_equal(find(comparison, i, ROW_TIME, "total")->verdict, VERDICT_SHOWN);
	for (size_t i = 0; i < comparison->nr_footnotes; i++)
		said |= !strcmp(comparison->footnotes[i],
				"time is an emulator's, not the hardware's: shown, never judged");
	assert_true(said);
	comparison_free(comparison);
	run_free(run);
}

/* Probes that took much of an arm's time are told of; that others were there is nothing to say. */
static void test_disturbed_time_is_labelled(void **state)
{
	struct record_shape shape = record_shape_default();
	struct comparison *comparison;
	struct bench *bench;
	struct run *run;

	(void)state;
	run = load_shape("disturbed.ndjson", &shape);
	bench = &run->benches[1];
	bench->trace.probes = calloc(1, sizeof(*bench->trace.probes));
	bench->trace.nr_probes = 1;
	bench->trace.probes[0] = (struct probe){
		.name = "ipi", .status = "ok", .share = {0.061, 0.07, 0.092}, .disturbed = true};
	comparison = compare_arms(run, "flush");
	assert_true(said(comparison, "disturbed: unmap-storm flush=lazy: probes (ipi) add 6 to 9 % "
				     "to its time: blocks between them may suffer, too"));
	comparison_free(comparison);
	bench->trace.probes[0].disturbed = false;
	comparison = compare_arms(run, "flush");
	assert_false(said(comparison, "disturbed"));
	comparison_free(comparison);
	run_free(run);
}

static void test_text(void **state)
{
	struct record_shape shape = record_shape_default();
	struct run *run = load_shape("text.ndjson", &shape);
	struct comparison *comparison = compare_arms(run, "flush");
	static const enum compare_format formats[] = {FORMAT_TEXT, FORMAT_MARKDOWN};
	char *text, summary[200];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		text = printed(comparison, formats[i], false);
		assert_non_null(strstr(text, "exact and equal (4): area_alloc, table_write"));
		assert_non_null(strstr(text, "geomean"));
		assert_non_null(strstr(text, "not judged: median over the cases"));
		assert_null(strstr(text, "free.p50 [ns], lower"));
		compare_summary(comparison, summary, sizeof(summary));
		assert_non_null(strstr(text, summary));
		free(text);
	}
	text = printed(comparison, FORMAT_TEXT, true);
	assert_non_null(strstr(text, "area_alloc [areas], neither direction is better"));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		size_t width = 0;

		for (char *c = line; *c; c++)
			width += (*c & 0xc0) != 0x80;
		assert_true(width <= 120);
	}
	free(text);
	comparison_free(comparison);
	run_free(run);
}

static void test_json(void **state)
{
	struct record_shape shape = record_shape_default();
	struct run *run = load_shape("json.ndjson", &shape);
	struct comparison *comparison = compare_arms(run, "flush");
	char *text = printed(comparison, FORMAT_JSON, false);
	json_t *json = json_loads(text, 0, NULL), *group;

	(void)state;
	assert_non_null(json);
	group = json_array_get(json_object_get(json, "groups"), 0);
	assert_string_equal(json_string_value(json_object_get(group, "case")), "nr_pages=1");
	assert_int_equal(json_array_size(json_object_get(json, "groups")), 10);
	assert_int_equal(json_integer_value(json_object_get(json, "exit_code")),
			 compare_exit_code(comparison));
	json_decref(json);
	free(text);
	comparison_free(comparison);
	run_free(run);
}

static size_t count_of(const char *text, const char *word)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, word)); at++)
		n++;
	return n;
}

static void test_csv_and_junit(void **state)
{
	struct record_shape shape = record_shape_default();
	struct run *run;
	struct comparison *comparison;
	char *text;
	size_t rows = 0;

	(void)state;
	shape.workload = "a<b>&,c";
	run = load_shape("csv.ndjson", &shape);
	comparison = compare_arms(run, "flush");
	for (size_t i = 0; i < comparison->nr_groups; i++)
		rows += comparison->groups[i].nr_rows;
	text = printed(comparison, FORMAT_CSV, false);
	assert_int_equal(count_of(text, "\r\n"), rows + 1);
	assert_int_equal(count_of(text, "\"a<b>&,c\",nr_pages="), rows);
	assert_null(strstr(text, "nan"));
	free(text);
	text = printed(comparison, FORMAT_JUNIT, false);
	assert_int_equal(count_of(text, "<testcase "), rows - comparison->count[VERDICT_SHOWN]);
	assert_int_equal(count_of(text, "classname=\"trimm.a&lt;b&gt;&amp;,c\""),
			 rows - comparison->count[VERDICT_SHOWN]);
	free(text);
	comparison_free(comparison);
	run_free(run);
}

static void test_words(void **state)
{
	static const struct {
		double value;
		const char *unit, *text;
	} values[] = {
		{812, "ns", "812 ns"},
		{2824, "ns/op", "2.82 µs"},
		{15.4e6, "ns", "15.4 ms"},
		{3.2e9, "ns", "3.20 s"},
		{0, "ns", "0 ns"},
		{32768, "flushes", "32,768"},
		{0.031, "calls/op", "0.031"},
		{NAN, "ns", "-"},
		{999.9, "ns", "1.00 µs"},
		{-1234567, "pages", "-1,234,567"},
	};
	struct compare_row row = {.kind = ROW_TIME,
				  .metric = "total",
				  .ratio = 0.828,
				  .low = 0.819,
				  .high = 0.837,
				  .n = 12};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		assert_string_equal(
			compare_format_value(values[i].value, values[i].unit, text, sizeof(text)),
			values[i].text);
	row.verdict = VERDICT_IMPROVED;
	assert_string_equal(compare_format_change(&row, text, sizeof(text)),
			    "-17.20% [-18.1 .. -16.3] n=12");
	row.verdict = VERDICT_UNCHANGED;
	assert_string_equal(compare_format_change(&row, text, sizeof(text)),
			    "~ [-18.1 .. -16.3] n=12");
	row.high = 35.1;
	assert_string_equal(compare_format_change(&row, text, sizeof(text)),
			    "~ [-18.1% .. 35.1x] n=12");
	assert_int_equal(compare_format_from_name("junit"), FORMAT_JUNIT);
	assert_int_equal(compare_format_from_name("xml"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lazy_against_eager),
		cmocka_unit_test(test_base_by_name),
		cmocka_unit_test(test_by_era),
		cmocka_unit_test(test_no_false_alarm),
		cmocka_unit_test(test_five_percent_is_found),
		cmocka_unit_test(test_noise_raises_the_floor),
		cmocka_unit_test(test_too_few_blocks),
		cmocka_unit_test(test_only_judged_times_share_the_confidence),
		cmocka_unit_test(test_not_judged),
		cmocka_unit_test(test_cases_of_one_run),
		cmocka_unit_test(test_two_runs),
		cmocka_unit_test(test_two_runs_by_a_factor),
		cmocka_unit_test(test_run_sets_differ),
		cmocka_unit_test(test_exact_runs_gate),
		cmocka_unit_test(test_arms_of_an_exact_run),
		cmocka_unit_test(test_slack_of_an_exact_counter),
		cmocka_unit_test(test_emulated_time_is_labelled),
		cmocka_unit_test(test_disturbed_time_is_labelled),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_csv_and_junit),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
