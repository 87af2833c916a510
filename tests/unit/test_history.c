/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_history.c - nights become rows, rows become changes, and changes are accepted; the file of
 * accepted changes is read or refused, whatever is in it.
 */
#include "history.h"
#include "night_maker.h"
#include "plot_draw.h"
#include "plot_history.h"
#include "run_files.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* A folder of results of its own for each test. */
static const char *results(const char *name)
{
	static char path[4096];
	char *in = files_path(name), *nights;

	snprintf(path, sizeof(path), "%s", in);
	free(in);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_true(asprintf(&nights, "%s/nights", path) > 0);
	assert_int_equal(mkdir(nights, 0777), 0);
	free(nights);
	return path;
}

static void make_nights(struct night_shape *shape, size_t from, size_t to)
{
	for (shape->number = from; shape->number < to; shape->number++)
		assert_int_equal(night_make(shape), 0);
}

static char problem_text[512];

static void problem(void *arg, const struct run_error *error)
{
	++*(size_t *)arg;
	snprintf(problem_text, sizeof(problem_text), "%s", error->text);
}

static size_t import(struct store *store, size_t *problems)
{
	struct run_error error;
	size_t count;

	*problems = 0;
	assert_int_equal(store_import_nights(store, &count, problem, problems, &error), 0);
	return count;
}

static struct history *load(const char *folder, const struct history_options *options)
{
	struct history *history;
	struct run_error error;
	struct store *store;
	size_t problems;

	assert_int_equal(store_open(folder, &store, &error), 0);
	import(store, &problems);
	assert_int_equal(problems, 0);
	if (history_load(store, options, &history, &error))
		fail_msg("%s", error.text);
	store_close(store);
	return history;
}

static const struct history_series *find(const struct history *history, const char *label,
					 const char *metric)
{
	for (size_t i = 0; i < history->nr_series; i++)
		if (!strcmp(history->series[i].label, label) &&
		    !strcmp(history->series[i].metric, metric))
			return &history->series[i];
	fail_msg("no %s of %s", metric, label);
	return NULL;
}

static void test_a_step_in_time_and_counts(void **state)
{
	struct night_shape shape = night_shape_default(results("step"));
	const struct history_series *series;
	struct history *history;
	char commit[41];

	(void)state;
	shape.step_at = 30;
	shape.step = 1.05;
	make_nights(&shape, 0, 35);
	history = load(shape.folder, &HISTORY_DEFAULTS);
	assert_int_equal(history->nr_nights, 35);
	assert_int_equal(history->nr_series, 9);
	assert_string_equal(history->machine, shape.machine);
	series = find(history, "nr_pages=1 cpus=2", "total");
	assert_int_equal(series->nr_points, 35);
	assert_string_equal(series->unit, "ratio");
	assert_int_equal(series->nr_changes, 1);
	assert_int_equal(series->changes[0].at, 30);
	assert_float_equal(series->changes[0].change, 0.05, 0.005);
	assert_true(series->changes[0].worse && series->changes[0].stands);
	night_maker_commit(series->changes[0].bad, commit);
	assert_string_equal(series->points[series->changes[0].bad].commit, commit);
	assert_true(series->noise > 0 && series->noise < 0.03);
	assert_true(series->rank > 1);
	/* A count is a change at once; instructions only by half a per cent. */
	series = find(history, "nr_pages=1 cpus=2", "flush_all");
	assert_true(series->exact);
	assert_int_equal(series->nr_changes, 1);
	assert_float_equal(series->changes[0].p, 0, 0);
	assert_int_equal(find(history, "nr_pages=1 cpus=2", "instructions")->nr_changes, 0);
	assert_int_equal(find(history, "nr_pages=2 cpus=2", "total")->nr_changes, 0);
	history_free(history);
}

static void test_one_count_is_enough(void **state)
{
	struct night_shape shape = night_shape_default(results("count"));
	struct history *history;

	(void)state;
	shape.step_at = 1;
	make_nights(&shape, 0, 2);
	history = load(shape.folder, &HISTORY_DEFAULTS);
	assert_int_equal(find(history, "nr_pages=1 cpus=2", "flush_all")->nr_changes, 1);
	assert_true(find(history, "nr_pages=1 cpus=2", "flush_all")->changes[0].stands);
	assert_true(isnan(find(history, "nr_pages=1 cpus=2", "flush_all")->noise));
	history_free(history);
}

/* What came back is no longer worse. */
/* Figures are as many as there are rows of two nights and more; data is there for each night. */
static void test_a_history_as_a_figure(void **state)
{
	struct night_shape shape = night_shape_default(results("figure"));
	struct figures figures = {0};
	struct history *history;
	struct history_series one;
	char path[4096], *text;
	size_t length, lines = 0;

	(void)state;
	shape.step_at = 30;
	shape.step = 1.05;
	make_nights(&shape, 0, 35);
	history = load(shape.folder, &HISTORY_DEFAULTS);
	one = *find(history, "nr_pages=1 cpus=2", "total");
	assert_int_equal(plot_history(&one, shape.folder, &figures), 0);
	assert_int_equal(figures.n, 1);
	assert_true(figures.list[0].matters);
	snprintf(path, sizeof(path), "%s/%s.dat", shape.folder, figures.list[0].name);
	text = files_read(path, &length);
	for (const char *at = text; (at = strstr(at, "T02:00:00Z")); at++)
		lines++;
	assert_int_equal(lines, 35);
	assert_non_null(strstr(text, "29.5 34.5 1.0"));
	free(text);
	snprintf(path, sizeof(path), "%s/%s.gp", shape.folder, figures.list[0].name);
	text = files_read(path, &length);
	assert_non_null(strstr(text, "change_label[1] = '+"));
	assert_non_null(strstr(text, "change_place[1] = 29.5"));
	free(text);
	one.nr_points = 1;
	assert_int_equal(plot_history(&one, shape.folder, &figures), -ENODATA);
	plot_free(&figures);
	history_free(history);
}

static void test_what_was_undone_does_not_stand(void **state)
{
	struct night_shape shape = night_shape_default(results("undone"));
	const struct history_series *series;
	struct history *history;

	(void)state;
	shape.step_at = 30;
	shape.step = 1.05;
	make_nights(&shape, 0, 45);
	shape.step_at = SIZE_MAX;
	make_nights(&shape, 45, 60);
	history = load(shape.folder, &HISTORY_DEFAULTS);
	series = find(history, "nr_pages=1 cpus=2", "total");
	assert_int_equal(series->nr_changes, 2);
	assert_true(series->changes[0].worse && !series->changes[0].stands);
	assert_false(series->changes[1].worse || series->changes[1].stands);
	series = find(history, "nr_pages=1 cpus=2", "flush_all");
	assert_int_equal(series->nr_changes, 2);
	assert_false(series->changes[0].stands || series->changes[1].stands);
	history_free(history);
}

/* A ratio to another reference is another ratio: no change where the reference was pinned anew. */
static void test_another_reference_is_no_change(void **state)
{
	struct night_shape shape = night_shape_default(results("reference"));
	struct history *history;

	(void)state;
	shape.step_at = 30;
	shape.step = 1.3;
	make_nights(&shape, 0, 30);
	shape.reference = "1111111111111111111111111111111111111111";
	make_nights(&shape, 30, 60);
	history = load(shape.folder, &HISTORY_DEFAULTS);
	assert_int_equal(find(history, "nr_pages=1 cpus=2", "total")->nr_changes, 0);
	history_free(history);
}

static void test_machines_stay_apart(void **state)
{
	struct night_shape shape = night_shape_default(results("machines"));
	struct history_options options = HISTORY_DEFAULTS;
	struct history *history;
	struct run_error error;
	struct store *store;
	size_t problems;

	(void)state;
	make_nights(&shape, 0, 3);
	shape.machine = "fedcba9876543210";
	make_nights(&shape, 3, 5);
	history = load(shape.folder, &HISTORY_DEFAULTS);
	assert_string_equal(history->machine, shape.machine);
	assert_int_equal(history->nr_nights, 2);
	assert_int_equal(history->nr_others, 1);
	assert_int_equal(history->nr_series, 9);
	history_free(history);
	options.machine = "0123";
	history = load(shape.folder, &options);
	assert_int_equal(history->nr_nights, 3);
	assert_int_equal(history->series[0].nr_points, 3);
	history_free(history);
	options = (struct history_options){.across = true, .detector = DETECTOR_DEFAULTS};
	history = load(shape.folder, &options);
	assert_null(history->machine);
	assert_int_equal(history->nr_series, 18);
	for (size_t i = 0; i < 18; i++)
		assert_int_equal(history->series[i].nr_points,
				 history->series[i].machine[0] == 'f' ? 2 : 3);
	history_free(history);
	assert_int_equal(store_open(shape.folder, &store, &error), 0);
	import(store, &problems);
	options = (struct history_options){.machine = "", .detector = DETECTOR_DEFAULTS};
	assert_int_equal(history_load(store, &options, &history, &error), -1);
	assert_non_null(strstr(error.text, "more than one machine"));
	options.machine = "77";
	assert_int_equal(history_load(store, &options, &history, &error), -1);
	assert_non_null(strstr(error.text, "no night of such a machine"));
	store_close(store);
}

/* Files come late, change, and go; one that can't be read is told of and the others stay. */
static void test_the_index_follows_the_files(void **state)
{
	struct night_shape shape = night_shape_default(results("files"));
	struct history *history;
	struct run_error error;
	struct store *store;
	size_t problems;
	char path[4096];

	(void)state;
	assert_int_equal(store_open(shape.folder, &store, &error), 0);
	assert_int_equal(import(store, &problems), 0);
	assert_int_equal(history_load(store, &HISTORY_DEFAULTS, &history, &error), -1);
	assert_non_null(strstr(error.text, "no finished nights"));
	make_nights(&shape, 5, 8);
	assert_int_equal(import(store, &problems), 3);
	make_nights(&shape, 2, 5);
	assert_int_equal(import(store, &problems), 3);
	assert_int_equal(import(store, &problems), 0);
	assert_int_equal(history_load(store, &HISTORY_DEFAULTS, &history, &error), 0);
	assert_int_equal(history->series[0].nr_points, 6);
	for (size_t i = 1; i < 6; i++)
		assert_true(strcmp(history->series[0].points[i - 1].started,
				   history->series[0].points[i].started) < 0);
	snprintf(path, sizeof(path), "%s/nights/%s.json", shape.folder, history->nights[0].night);
	history_free(history);
	files_write(path, "{\"schema\":", 10);
	assert_int_equal(import(store, &problems), 0);
	assert_int_equal(problems, 1);
	assert_non_null(strstr(problem_text, path));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(import(store, &problems), 0);
	assert_int_equal(problems, 0);
	assert_int_equal(history_load(store, &HISTORY_DEFAULTS, &history, &error), 0);
	assert_int_equal(history->series[0].nr_points, 5);
	history_free(history);
	store_close(store);
}

static void test_an_index_of_a_newer_version(void **state)
{
	struct night_shape shape = night_shape_default(results("newer"));
	struct run_error error;
	struct store *store;
	char path[4096];
	sqlite3 *db;

	(void)state;
	snprintf(path, sizeof(path), "%s/trimm.db", shape.folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 1000", NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(store_open(shape.folder, &store, &error), -1);
	assert_non_null(strstr(error.text, "of a newer trimm"));
	assert_null(strchr(error.text, '\n'));
}

/* --- accepted changes --- */

static struct accepted *load_text(const char *text, size_t length, struct run_error *error)
{
	char *path = files_path("accepted");
	struct accepted *accepted;
	int err;

	files_write(path, text, length);
	err = accepted_load(path, &accepted, error);
	assert_int_equal(err, accepted ? 0 : -1);
	free(path);
	return accepted;
}

static struct accepted *load_lines(const char *lines)
{
	struct run_error error;
	char *text;
	struct accepted *accepted;
	int length = asprintf(&text, "trimm-accepted/1\n%s", lines);

	accepted = load_text(text, (size_t)length, &error);
	if (!accepted)
		fail_msg("%s", error.text);
	free(text);
	return accepted;
}

static void test_accepted_lines(void **state)
{
	struct accepted *accepted = load_lines(
		"# about\n\n  abcdef0 unmap-storm:nr_pages=1,* total<=1.05  zeroing  is needed \n"
		"0123456789012345678901234567890123456789\t0123456789abcdef * larger tables\r\n");

	(void)state;
	assert_int_equal(accepted->nr, 2);
	assert_string_equal(accepted->entries[0].commit, "abcdef0");
	assert_string_equal(accepted->entries[0].series, "unmap-storm:nr_pages=1,*");
	assert_string_equal(accepted->entries[0].metric, "total");
	assert_float_equal(accepted->entries[0].ratio, 1.05, 0);
	assert_string_equal(accepted->entries[0].reason, "zeroing  is needed");
	assert_int_equal(accepted->entries[0].line, 4);
	assert_true(isinf(accepted->entries[1].ratio));
	assert_string_equal(accepted->entries[1].reason, "larger tables");
	accepted_free(accepted);
}

static void test_accepted_faults(void **state)
{
	static const struct {
		const char *text, *error;
	} table[] = {
		{"", ":1: the first line has to be trimm-accepted/1"},
		{"abcdef0 a b c\n", ":1: the first line has to be trimm-accepted/1"},
		{"trimm-accepted/2\n", ":1: this program reads trimm-accepted/1: take a newer one"},
		{"trimm-accepted/1\nabcdef0 a\n", ":2: write COMMIT SERIES METRIC REASON"},
		{"trimm-accepted/1\n\nabcdef0 a b\n", ":3: a reason is missing"},
		{"trimm-accepted/1\nabcdef a b c\n", ":2: the commit is no 7 to 40 hex digits"},
		{"trimm-accepted/1\nHEAD~12 a b c\n", ":2: the commit is no 7 to 40 hex digits"},
		{"trimm-accepted/1\nabcdef0 a b<=0 c\n", ":2: after <= comes a ratio above 0"},
		{"trimm-accepted/1\nabcdef0 a b<=x c\n", ":2: after <= comes a ratio above 0"},
		{"trimm-accepted/1\nabcdef0 a b<=-1 c\n", ":2: after <= comes a ratio above 0"},
		{"trimm-accepted/1\nabcdef0 a <=2 c\n", ":2: there is no metric before <="},
	};
	struct run_error error;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		assert_null(load_text(table[i].text, strlen(table[i].text), &error));
		if (!strstr(error.text, table[i].error))
			fail_msg("%s: %s", table[i].text, error.text);
	}
	assert_null(load_text("trimm-accepted/1\nabcdef0 a\0b c d\n", 33, &error));
	assert_non_null(strstr(error.text, ":2: a byte that is 0"));
}

static void test_no_file_accepts_nothing(void **state)
{
	char *path = files_path("no-such-file");
	struct accepted *accepted;
	struct run_error error;

	(void)state;
	assert_int_equal(accepted_load(path, &accepted, &error), 0);
	assert_int_equal(accepted->nr, 0);
	accepted_free(accepted);
	free(path);
	assert_int_equal(accepted_load("/", &accepted, &error), -1);
}

/* Damaged bytes, cut lines: an answer, and one line where it is no. */
static void test_accepted_takes_any_bytes(void **state)
{
	static const char whole[] = "trimm-accepted/1\n# why\nabcdef0 unmap-storm:nr_pages=1,* "
				    "total<=1.05 zeroing\n0123456 * flush_* larger\n";
	unsigned int seed = 5;
	size_t refused = 0;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		char text[sizeof(whole)];
		struct run_error error;
		struct accepted *accepted;
		size_t length;

		memcpy(text, whole, sizeof(whole));
		for (int i = 0; i <= round % 4; i++) {
			seed = seed * 1103515245 + 12345;
			text[seed / 65536 % (sizeof(whole) - 1)] = (char)(seed / 256);
		}
		seed = seed * 1103515245 + 12345;
		length = round % 3 ? sizeof(whole) - 1 : seed / 65536 % sizeof(whole);
		accepted = load_text(text, length, &error);
		refused += !accepted;
		if (!accepted) {
			assert_null(strchr(error.text, '\n'));
			assert_non_null(strstr(error.text, "accepted:"));
		}
		accepted_free(accepted);
	}
	assert_in_range(refused, 500, 4900);
}

/* Commits of nights are a line: each holds all that are not larger. */
static bool holds(void *arg, const char *commit, const char *head)
{
	++*(size_t *)arg;
	return strcmp(commit, head) <= 0;
}

static void test_accepted_changes_of_a_history(void **state)
{
	struct night_shape shape = night_shape_default(results("accepted-history"));
	struct history_options options = HISTORY_DEFAULTS;
	size_t asked = 0;
	const struct accepted_commits commits = {holds, &asked};
	char lines[512], at[41], before[41];
	struct history *history;
	struct accepted *accepted;

	(void)state;
	shape.step_at = 30;
	shape.step = 1.05;
	make_nights(&shape, 0, 35);
	night_maker_commit(30, at);
	night_maker_commit(29, before);
	snprintf(lines, sizeof(lines),
		 "%s workload-0 total<=1.02 too small\n"
		 "%s workload-0 total earlier\n"
		 "%s workload-1 total another\n"
		 "%s workload-0:nr_pages=1,cpus=2 t*l right\n",
		 at, before, at, at);
	accepted = load_lines(lines);
	options.accepted = accepted;
	options.commits = &commits;
	history = load(shape.folder, &options);
	assert_string_equal(find(history, "nr_pages=1 cpus=2", "total")->changes[0].accepted,
			    "right");
	assert_false(find(history, "nr_pages=1 cpus=2", "total")->changes[0].stands);
	assert_float_equal(find(history, "nr_pages=1 cpus=2", "total")->rank, 0, 0);
	assert_null(find(history, "nr_pages=1 cpus=2", "flush_all")->changes[0].accepted);
	assert_true(find(history, "nr_pages=1 cpus=2", "flush_all")->changes[0].stands);
	assert_true(asked > 0);
	history_free(history);
	/* Without git, a night's own commit is known by its name. */
	options.commits = NULL;
	history = load(shape.folder, &options);
	assert_string_equal(find(history, "nr_pages=1 cpus=2", "total")->changes[0].accepted,
			    "right");
	history_free(history);
	accepted_free(accepted);
}

static void test_accepted_cases_of_a_night(void **state)
{
	struct night_shape shape = night_shape_default(results("accepted-night"));
	size_t asked = 0;
	const struct accepted_commits commits = {holds, &asked};
	struct accepted *some = load_lines("00000005cccccccccccccccccccccccccccccccc workload-0 "
					   "total right\n");
	struct accepted *all = load_lines("00000005cccccccccccccccccccccccccccccccc workload-0 "
					  "total right\n"
					  "00000005cccccccccccccccccccccccccccccccc workload-0 "
					  "flush_all too\n");
	struct accepted *later = load_lines("00000009cccccccccccccccccccccccccccccccc * * later\n");
	struct run_error error;
	struct night *night;
	struct night_shape *made = &shape;
	char path[4096];

	(void)state;
	shape.step_at = 5;
	shape.step = 1.05;
	make_nights(&shape, 7, 8);
	snprintf(path, sizeof(path), "%s/nights/20260108T020000-0007.json", made->folder);
	assert_int_equal(night_load(path, &night, &error), 0);
	assert_int_equal(night_exit_code(night), 3);
	/* The counter that grew is not accepted. */
	accepted_mark_night(some, &commits, night);
	assert_null(night->cases[0].accepted_commit);
	accepted_mark_night(all, &commits, night);
	assert_string_equal(night->cases[0].accepted_reason, "right");
	assert_null(night->cases[1].accepted_commit);
	assert_int_not_equal(night_exit_code(night), 3);
	/* HEAD does not have it yet. */
	accepted_mark_night(later, &commits, night);
	assert_null(night->cases[0].accepted_commit);
	assert_int_equal(night_exit_code(night), 3);
	/* The reference has it already: what is worse than that is something else. */
	accepted_mark_night(all, &commits, night);
	night->reference.commit = "00000006cccccccccccccccccccccccccccccccc";
	accepted_mark_night(all, &commits, night);
	assert_null(night->cases[0].accepted_commit);
	night_free(night);
	accepted_free(some);
	accepted_free(all);
	accepted_free(later);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_step_in_time_and_counts),
		cmocka_unit_test(test_one_count_is_enough),
		cmocka_unit_test(test_a_history_as_a_figure),
		cmocka_unit_test(test_what_was_undone_does_not_stand),
		cmocka_unit_test(test_another_reference_is_no_change),
		cmocka_unit_test(test_machines_stay_apart),
		cmocka_unit_test(test_the_index_follows_the_files),
		cmocka_unit_test(test_an_index_of_a_newer_version),
		cmocka_unit_test(test_accepted_lines),
		cmocka_unit_test(test_accepted_faults),
		cmocka_unit_test(test_no_file_accepts_nothing),
		cmocka_unit_test(test_accepted_takes_any_bytes),
		cmocka_unit_test(test_accepted_changes_of_a_history),
		cmocka_unit_test(test_accepted_cases_of_a_night),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
