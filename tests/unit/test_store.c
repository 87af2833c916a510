/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_store.c - the index: importing, finding, rebuilding, and what happens if it is
 * killed at work, of another version, damaged, or used by many at once.
 */
#include "store.h"

#include "run_files.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static const char first_id[] = "20261121T114720-3f9a", second_id[] = "20261121T114721-3f00";

static void make(const char *id, const char *workload, unsigned int cases)
{
	struct record_shape shape = record_shape_default();
	char name[64];

	shape.run_id = id;
	shape.workload = workload;
	shape.pages[cases] = 0;
	shape.intervals = false;
	snprintf(name, sizeof(name), "runs/%s.ndjson", id);
	free(files_make_run(name, &shape));
}

/* An empty folder of runs and no index. */
static int start(void **state)
{
	char *command;

	(void)state;
	assert_true(asprintf(&command, "rm -rf %s/runs/* %s/trimm.db*", files_folder(),
			     files_folder()) > 0);
	assert_int_equal(system(command), 0);
	free(command);
	return 0;
}

static struct store *open_store(void)
{
	struct store *store;
	struct run_error error;

	if (store_open(files_folder(), &store, &error))
		fail_msg("%s", error.text);
	return store;
}

static void expect_open_error(const char *expected)
{
	struct store *store;
	struct run_error error;

	assert_int_equal(store_open(files_folder(), &store, &error), -1);
	assert_null(store);
	if (!strstr(error.text, expected))
		fail_msg("said \"%s\", not \"%s\"", error.text, expected);
}

static void sql(const char *statements)
{
	char *path = files_path("trimm.db");
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, statements, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	free(path);
}

struct listing {
	size_t nr;
	char ids[256];
	unsigned int records;
};

static bool take(void *arg, const struct store_run *run)
{
	struct listing *listing = arg;

	listing->nr++;
	listing->records += run->records;
	strncat(listing->ids, run->run_id, sizeof(listing->ids) - strlen(listing->ids) - 1);
	strncat(listing->ids, " ", sizeof(listing->ids) - strlen(listing->ids) - 1);
	return true;
}

static struct listing list(struct store *store, const char *workload, const char *status)
{
	struct listing listing = {0};
	struct run_error error;

	if (store_list(store, workload, status, take, &listing, &error))
		fail_msg("%s", error.text);
	return listing;
}

struct problems {
	size_t nr;
	char text[512];
};

static void take_problem(void *arg, const struct run_error *error)
{
	struct problems *problems = arg;

	problems->nr++;
	snprintf(problems->text, sizeof(problems->text), "%s", error->text);
}

static void import_all(struct store *store, size_t count[IMPORT_COUNT], struct problems *problems)
{
	struct run_error error;

	*problems = (struct problems){0};
	if (store_import_all(store, count, take_problem, problems, &error))
		fail_msg("%s", error.text);
}

static void test_import(void **state)
{
	struct problems problems;
	size_t count[IMPORT_COUNT];
	struct store *store;
	struct listing all;

	(void)state;
	make(first_id, "unmap-storm", 2);
	store = open_store();
	import_all(store, count, &problems);
	assert_int_equal(count[IMPORT_NEW], 1);
	make(second_id, "purge-pause", 1);
	import_all(store, count, &problems);
	assert_int_equal(count[IMPORT_NEW], 1);
	assert_int_equal(count[IMPORT_UNCHANGED], 1);
	all = list(store, NULL, NULL);
	assert_string_equal(all.ids, "20261121T114721-3f00 20261121T114720-3f9a ");
	/* Six arms of more than 20 records each. */
	assert_true(all.records > 6 * 20);
	assert_int_equal(list(store, "purge-pause", NULL).nr, 1);
	assert_int_equal(list(store, "none", NULL).nr, 0);
	assert_int_equal(list(store, NULL, "ok").nr, 2);
	assert_int_equal(list(store, NULL, "incomplete").nr, 0);
	store_close(store);
}

static void test_changed_and_gone(void **state)
{
	struct problems problems;
	size_t count[IMPORT_COUNT];
	struct store *store;
	char *path = files_path("runs/20261121T114720-3f9a.ndjson");

	(void)state;
	make(first_id, "unmap-storm", 2);
	store = open_store();
	make(first_id, "unmap-storm", 3);
	import_all(store, count, &problems);
	assert_int_equal(count[IMPORT_REPLACED], 1);
	assert_int_equal(list(store, NULL, NULL).nr, 1);
	assert_int_equal(unlink(path), 0);
	import_all(store, count, &problems);
	assert_int_equal(list(store, NULL, NULL).nr, 0);
	store_close(store);
	free(path);
}

static void test_faulty_file(void **state)
{
	struct problems problems;
	size_t count[IMPORT_COUNT];
	struct store *store = open_store();
	char *path = files_path("runs/faulty.ndjson");
	struct run_error error;
	enum import_result result;

	(void)state;
	make(first_id, "unmap-storm", 1);
	files_write(path, "no record\n", 10);
	import_all(store, count, &problems);
	assert_int_equal(count[IMPORT_NEW], 1);
	assert_int_equal(problems.nr, 1);
	assert_non_null(strstr(problems.text, "faulty.ndjson:1: not a JSON object"));
	assert_int_equal(store_import(store, path, &result, &error), -1);
	assert_int_equal(store_import(store, "/nonexistent.ndjson", &result, &error), -1);
	assert_string_equal(error.text, "/nonexistent.ndjson: No such file or directory");
	assert_int_equal(list(store, NULL, NULL).nr, 1);
	store_close(store);
	free(path);
}

static void expect_found(struct store *store, const char *name, const char *expected)
{
	struct run_error error;
	char *path;

	if (store_find(store, name, &path, &error))
		fail_msg("%s", error.text);
	if (!strstr(path, expected))
		fail_msg("%s gives %s, not %s", name, path, expected);
	free(path);
}

static void expect_not_found(struct store *store, const char *name, const char *expected)
{
	struct run_error error;
	char *path;

	assert_int_equal(store_find(store, name, &path, &error), -1);
	assert_null(path);
	if (!strstr(error.text, expected))
		fail_msg("said \"%s\", not \"%s\"", error.text, expected);
}

static void test_find(void **state)
{
	struct store *store;

	(void)state;
	make(first_id, "unmap-storm", 1);
	make(second_id, "unmap-storm", 1);
	store = open_store();
	expect_found(store, "latest", "/runs/20261121T114721-3f00.ndjson");
	expect_found(store, first_id, "/runs/20261121T114720-3f9a.ndjson");
	expect_found(store, "20261121T114720", "/runs/20261121T114720-3f9a.ndjson");
	expect_found(store, "a/path.ndjson", "a/path.ndjson");
	expect_not_found(store, "20261121",
			 "more than one run begins so: 20261121T114721-3f00, "
			 "20261121T114720-3f9a");
	expect_not_found(store, "2027", "2027: no such run");
	expect_not_found(store, "%", "no such run");
	expect_not_found(store, "", "a run needs a name");
	store_close(store);
}

static void test_series(void **state)
{
	struct run_error error;
	struct listing listing = {0};
	struct store *store;
	struct run *run;
	char *path;

	(void)state;
	make(first_id, "unmap-storm", 1);
	make(second_id, "unmap-storm", 2);
	store = open_store();
	assert_int_equal(store_find(store, second_id, &path, &error), 0);
	assert_int_equal(run_load(path, &run, &error), 0);
	assert_int_equal(store_list_series(store, run->benches[0].series, take, &listing, &error),
			 0);
	assert_int_equal(listing.nr, 2);
	listing = (struct listing){0};
	assert_int_equal(store_list_series(store, run->benches[3].series, take, &listing, &error),
			 0);
	assert_string_equal(listing.ids, "20261121T114721-3f00 ");
	run_free(run);
	free(path);
	store_close(store);
}

static void test_versions(void **state)
{
	(void)state;
	make(first_id, "unmap-storm", 1);
	store_close(open_store());
	/* Older: whatever is in it goes, and the files are read again. */
	sql("DELETE FROM run; PRAGMA user_version = 0");
	struct store *store = open_store();

	assert_int_equal(list(store, NULL, NULL).nr, 1);
	store_close(store);
	sql("PRAGMA user_version = 1000");
	expect_open_error("format 1000 of a newer trimm; this one reads format 2");
}

static void test_damaged_index(void **state)
{
	char *path = files_path("trimm.db");

	(void)state;
	files_write(path,
		    "this is no database, but it is long enough to be taken for one: "
		    "this is no database, but it is long enough to be taken for one.",
		    128);
	expect_open_error("trimm.db: file is not a database; delete it");
	free(path);
}

static void test_unwritable_folder(void **state)
{
	struct run_error error;
	struct store *store;

	(void)state;
	assert_int_equal(store_open("/proc", &store, &error), -1);
	assert_string_equal(error.text, "/proc/trimm.db: unable to open database file");
	assert_int_equal(store_open("/nonexistent", &store, &error), -1);
	assert_string_equal(error.text, "/nonexistent: No such file or directory");
}

/* Killed at random moments of an import: the index holds all of a run or nothing of it. */
static void test_killed(void **state)
{
	struct store *store;
	size_t partial = 0;

	(void)state;
	for (unsigned int attempt = 0; attempt < 12; attempt++) {
		pid_t child;

		start(NULL);
		make(first_id, "unmap-storm", 10);
		make(second_id, "unmap-storm", 10);
		child = fork();
		assert_true(child >= 0);
		if (!child) {
			struct run_error error;

			_exit(store_open(files_folder(), &store, &error) ? 1 : 0);
		}
		usleep(attempt * 4000);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		store = open_store();
		assert_int_equal(list(store, NULL, NULL).nr, 2);
		partial += list(store, NULL, "incomplete").nr;
		store_close(store);
	}
	assert_int_equal(partial, 0);
}

/* Several programs build and fill one index at once; none fails, nothing is there twice. */
static void test_many_at_once(void **state)
{
	enum { PROGRAMS = 4 };
	pid_t child[PROGRAMS];
	struct store *store;
	int status;

	(void)state;
	make(first_id, "unmap-storm", 4);
	make(second_id, "unmap-storm", 4);
	for (int i = 0; i < PROGRAMS; i++) {
		child[i] = fork();
		assert_true(child[i] >= 0);
		if (!child[i]) {
			size_t count[IMPORT_COUNT];
			struct problems problems = {0};
			struct run_error error;

			_exit(store_open(files_folder(), &store, &error) ||
			      store_import_all(store, count, take_problem, &problems, &error) ||
			      problems.nr);
		}
	}
	for (int i = 0; i < PROGRAMS; i++) {
		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_int_equal(status, 0);
	}
	store = open_store();
	assert_int_equal(list(store, NULL, NULL).nr, 2);
	store_close(store);
}

static char *exported(const struct run *run, enum export_format format)
{
	struct run_error error;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_int_equal(store_export(run, format, out, &error), 0);
	fclose(out);
	return text;
}

static void test_export(void **state)
{
	struct record_shape shape = record_shape_default();
	char *path, *text;
	struct run *run;
	struct run_error error;
	json_t *json;
	size_t rows = 0, lines = 0, length;

	(void)state;
	shape.pages[1] = 0;
	path = files_make_run("export.ndjson", &shape);
	assert_int_equal(run_load(path, &run, &error), 0);
	for (size_t i = 0; i < run->nr_benches; i++)
		rows += run->benches[i].nr_counters + run->benches[i].nr_samples;
	text = exported(run, EXPORT_CSV);
	for (char *at = text; (at = strstr(at, "\r\n")); at++)
		lines++;
	assert_int_equal(lines, rows + 1);
	assert_non_null(strstr(text, ",\"{\"\"batch\"\":32,"));
	assert_non_null(strstr(text, ",host_steal_ns,ns,,,,,49152,unsupported,"));
	free(text);
	text = exported(run, EXPORT_JSON);
	json = json_loads(text, 0, NULL);
	free(text);
	text = files_read(path, &length);
	for (lines = 0; length; length--)
		lines += text[length - 1] == '\n';
	assert_int_equal(json_array_size(json), lines);
	json_decref(json);
	free(text);
	run_free(run);

	/* Of a run cut short, the whole lines. */
	text = files_read(path, &length);
	files_write(path, text, length - 30);
	assert_int_equal(run_load(path, &run, &error), 0);
	free(text);
	text = exported(run, EXPORT_JSON);
	json = json_loads(text, 0, NULL);
	assert_int_equal(json_array_size(json), lines - 1);
	json_decref(json);
	free(text);
	run_free(run);
	free(path);
}

/* What probes said has rows of its own, beside its bench or the whole run. */
static void test_export_traced(void **state)
{
	struct trace_key keys[] = {{"from", NULL, 0}, {"kind", "call", 0}};
	struct bucket bucket = {100, 7};
	struct record_shape shape = record_shape_default();
	struct run_error error;
	char *path, *text;
	struct run *run;

	(void)state;
	shape.pages[1] = 0;
	path = files_make_run("traced.ndjson", &shape);
	assert_int_equal(run_load(path, &run, &error), 0);
	run->benches[0].trace = (struct trace){.nr_probes = 1, .nr_counters = 1, .nr_hists = 1};
	run->benches[0].trace.probes = calloc(1, sizeof(struct probe));
	run->benches[0].trace.counters = calloc(1, sizeof(struct counter));
	run->benches[0].trace.hists = calloc(1, sizeof(struct hist));
	run->benches[0].trace.probes[0] = (struct probe){.name = "ipi",
							 .status = "ok",
							 .events = 12,
							 .bpf_ns = NAN,
							 .cost_ns = {60, 70, 80},
							 .share = {NAN, NAN, NAN},
							 .cost_why = "no reason"};
	run->benches[0].trace.counters[0] = (struct counter){.phase = "measure",
							     .name = "sent",
							     .unit = "interrupts",
							     .source = "ipi",
							     .avail = "ok",
							     .has_value = true,
							     .value = 5,
							     .nr_keys = 2,
							     .keys = keys};
	run->benches[0].trace.hists[0] = (struct hist){.source = "ipi",
						       .metric = "latency",
						       .unit = "ns",
						       .sub_bits = 4,
						       .n = 7,
						       .min = 100,
						       .max = 100,
						       .nr_buckets = 1,
						       .buckets = &bucket};
	run->trace.nr_probes = 1;
	run->trace.probes = calloc(1, sizeof(struct probe));
	run->trace.probes[0] = (struct probe){
		.name = "kmem", .status = "denied", .why = "not root", .events = NAN};
	text = exported(run, EXPORT_CSV);
	assert_non_null(strstr(text, ",probe,measure,ipi.events,events,12,,,,,ok,\r\n"));
	assert_non_null(strstr(text, ",probe,measure,ipi.bpf_ns,ns,,,,,,ok,\r\n"));
	assert_non_null(strstr(text, ",probe,measure,ipi.cost_ns,ns,70,60,80,,,ok,no reason\r\n"));
	assert_non_null(
		strstr(text, ",counter,measure,ipi.sent{from=0 kind=call},interrupts,5,,,,0,ok,"));
	assert_non_null(strstr(text, ",hist,measure,ipi.latency,ns,100,100,100,7,,ok,"));
	assert_non_null(strstr(
		text, "3f9a,,,,,,,,probe,measure,kmem.events,events,,,,,,denied,not root\r\n"));
	free(text);
	run_free(run);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_import, start),
		cmocka_unit_test_setup(test_changed_and_gone, start),
		cmocka_unit_test_setup(test_faulty_file, start),
		cmocka_unit_test_setup(test_find, start),
		cmocka_unit_test_setup(test_series, start),
		cmocka_unit_test_setup(test_versions, start),
		cmocka_unit_test_setup(test_damaged_index, start),
		cmocka_unit_test_setup(test_unwritable_folder, start),
		cmocka_unit_test_setup(test_killed, start),
		cmocka_unit_test_setup(test_many_at_once, start),
		cmocka_unit_test_setup(test_export, start),
		cmocka_unit_test_setup(test_export_traced, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
