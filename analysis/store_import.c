/* SPDX-License-Identifier: GPL-2.0-only */
/* store_import.c - from run files to the index, each in one transaction. */
#include "error.h"
#include "statistics.h"
#include "store_database.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As in the tables of the comparison: each interval for itself. */
#define CONFIDENCE 0.95

struct import {
	struct store *store;
	struct run_error *error;
	sqlite3_int64 run;
	sqlite3_stmt *bench, *counter, *samples;
};

/*
 * How the index names a file: by its place under runs/, so that results can be moved, or
 * absolutely if it is elsewhere. malloc()ed; NULL with @error.
 */
static char *key_of(const struct store *store, const char *path, struct run_error *error)
{
	char *absolute = realpath(path, NULL), *key;
	size_t length = strlen(store->results);

	if (!absolute) {
		error_set(error, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (strncmp(absolute, store->results, length) ||
	    strncmp(absolute + length, "/runs/", strlen("/runs/")))
		return absolute;
	key = strdup(absolute + length + strlen("/runs/"));
	free(absolute);
	if (!key)
		error_set(error, "%s: out of memory", path);
	return key;
}

static sqlite3_int64 changed_ns(const struct stat *file)
{
	return (sqlite3_int64)file->st_mtim.tv_sec * 1000000000 + file->st_mtim.tv_nsec;
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

/* What the index has of the file: IMPORT_NEW nothing, _REPLACED an older state. */
static int look_up(struct store *store, const char *key, const struct stat *file,
		   enum import_result *result, struct run_error *error)
{
	sqlite3_stmt *statement =
		database_prepare(store, "SELECT size, changed_ns FROM run WHERE path = ?", error);
	int code;

	if (!statement)
		return -1;
	bind_text(statement, 1, key);
	code = sqlite3_step(statement);
	if (code == SQLITE_DONE)
		*result = IMPORT_NEW;
	else if (code == SQLITE_ROW && sqlite3_column_int64(statement, 0) == file->st_size &&
		 sqlite3_column_int64(statement, 1) == changed_ns(file))
		*result = IMPORT_UNCHANGED;
	else if (code == SQLITE_ROW)
		*result = IMPORT_REPLACED;
	else
		database_error(store, error);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE || code == SQLITE_ROW ? 0 : -1;
}

static size_t count_records(const struct run *run)
{
	size_t n = 1 + run->nr_benches + run->nr_notes + !!strcmp(run->status, "incomplete");

	for (size_t i = 0; i < run->nr_benches; i++)
		n += run->benches[i].nr_counters + run->benches[i].nr_samples +
		     run->benches[i].nr_hists + run->benches[i].nr_intervals;
	return n;
}

static int insert_run(struct import *import, const struct run *run, const char *key,
		      const struct stat *file)
{
	sqlite3_stmt *statement = database_prepare(
		import->store,
		"INSERT INTO run (path, size, changed_ns, run_id, started, status, reason, command,"
		" benches, records) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		import->error);
	int err;

	if (!statement)
		return -1;
	bind_text(statement, 1, key);
	sqlite3_bind_int64(statement, 2, file->st_size);
	sqlite3_bind_int64(statement, 3, changed_ns(file));
	bind_text(statement, 4, run->run_id);
	bind_text(statement, 5, run->started);
	bind_text(statement, 6, run->status);
	bind_text(statement, 7, json_string_value(json_object_get(run->head, "reason")));
	bind_text(statement, 8, json_string_value(json_object_get(run->head, "command")));
	sqlite3_bind_int64(statement, 9, (sqlite3_int64)run->nr_benches);
	sqlite3_bind_int64(statement, 10, (sqlite3_int64)count_records(run));
	err = database_step(import->store, statement, import->error);
	import->run = sqlite3_last_insert_rowid(import->store->db);
	sqlite3_finalize(statement);
	return err;
}

static int insert_bench(struct import *import, const struct bench *bench)
{
	sqlite3_stmt *statement = import->bench;
	char *params = json_dumps(bench->params, JSON_COMPACT | JSON_SORT_KEYS);
	int err;

	sqlite3_bind_int64(statement, 1, import->run);
	sqlite3_bind_int(statement, 2, bench->id);
	sqlite3_bind_int(statement, 3, bench->case_id);
	bind_text(statement, 4, bench->workload);
	bind_text(statement, 5, bench->version);
	bind_text(statement, 6, bench->series);
	bind_text(statement, 7, bench->target);
	bind_text(statement, 8, bench->arm);
	bind_text(statement, 9, params);
	sqlite3_bind_int(statement, 10, bench->check_level);
	sqlite3_bind_int64(statement, 11, (sqlite3_int64)bench->ops);
	bind_text(statement, 12, bench->ops_digest);
	bind_text(statement, 13, bench->status);
	bind_text(statement, 14, bench->why);
	err = database_step(import->store, statement, import->error);
	free(params);
	return err;
}

static int insert_counter(struct import *import, int bench, const struct counter *counter)
{
	sqlite3_stmt *statement = import->counter;

	sqlite3_bind_int64(statement, 1, import->run);
	sqlite3_bind_int(statement, 2, bench);
	bind_text(statement, 3, counter->phase);
	bind_text(statement, 4, counter->name);
	bind_text(statement, 5, counter->unit);
	bind_text(statement, 6, counter->avail);
	if (counter->has_value)
		sqlite3_bind_double(statement, 7, counter->value);
	else
		sqlite3_bind_null(statement, 7);
	sqlite3_bind_int64(statement, 8, (sqlite3_int64)counter->ops);
	return database_step(import->store, statement, import->error);
}

static void bind_finite(sqlite3_stmt *statement, int at, double value)
{
	if (isfinite(value))
		sqlite3_bind_double(statement, at, value);
	else
		sqlite3_bind_null(statement, at);
}

static int insert_samples(struct import *import, int bench, const struct samples *samples)
{
	struct estimate estimate =
		statistics_median_interval(samples->values, samples->n, CONFIDENCE);
	sqlite3_stmt *statement = import->samples;

	sqlite3_bind_int64(statement, 1, import->run);
	sqlite3_bind_int(statement, 2, bench);
	bind_text(statement, 3, samples->metric);
	bind_text(statement, 4, samples->unit);
	sqlite3_bind_int64(statement, 5, (sqlite3_int64)samples->n);
	bind_finite(statement, 6, estimate.median);
	bind_finite(statement, 7, estimate.low);
	bind_finite(statement, 8, estimate.high);
	sqlite3_bind_int64(statement, 9, (sqlite3_int64)samples->ops);
	return database_step(import->store, statement, import->error);
}

static int insert_benches(struct import *import, const struct run *run)
{
	int err = 0;

	for (size_t i = 0; !err && i < run->nr_benches; i++) {
		const struct bench *bench = &run->benches[i];

		err = insert_bench(import, bench);
		for (size_t j = 0; !err && j < bench->nr_counters; j++)
			err = insert_counter(import, bench->id, &bench->counters[j]);
		for (size_t j = 0; !err && j < bench->nr_samples; j++)
			err = insert_samples(import, bench->id, &bench->samples[j]);
	}
	return err;
}

static int forget(struct store *store, const char *key, struct run_error *error)
{
	sqlite3_stmt *statement = database_prepare(store, "DELETE FROM run WHERE path = ?", error);
	int err;

	if (!statement)
		return -1;
	bind_text(statement, 1, key);
	err = database_step(store, statement, error);
	sqlite3_finalize(statement);
	return err;
}

static int insert_all(struct store *store, const struct run *run, const char *key,
		      const struct stat *file, struct run_error *error)
{
	struct import import = {.store = store, .error = error};
	int err = -1;

	import.bench = database_prepare(
		store, "INSERT INTO bench VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		error);
	import.counter = database_prepare(
		store, "INSERT INTO counter VALUES (?, ?, ?, ?, ?, ?, ?, ?)", error);
	import.samples = database_prepare(
		store, "INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", error);
	if (import.bench && import.counter && import.samples && !forget(store, key, error) &&
	    !insert_run(&import, run, key, file) && !insert_benches(&import, run))
		err = 0;
	sqlite3_finalize(import.bench);
	sqlite3_finalize(import.counter);
	sqlite3_finalize(import.samples);
	return err;
}

/* What import_file() returns when the file, not the index, is at fault. */
#define FILE_FAULT 1

/* The file is read before the transaction, so that others wait for the writing only. */
static int replace(struct store *store, const char *path, const char *key, const struct stat *file,
		   struct run_error *error)
{
	struct run *run;
	bool outer;
	int err;

	if (run_load(path, &run, error))
		return FILE_FAULT;
	err = database_begin(store, &outer, error);
	if (!err) {
		err = insert_all(store, run, key, file, error);
		if (!err)
			err = database_commit(store, outer, error);
		if (err)
			database_rollback(store, outer);
	}
	run_free(run);
	return err;
}

static int import_file(struct store *store, const char *path, enum import_result *result,
		       struct run_error *error)
{
	struct stat file;
	char *key;
	int err;

	if (stat(path, &file)) {
		error_set(error, "%s: %s", path, strerror(errno));
		return FILE_FAULT;
	}
	key = key_of(store, path, error);
	if (!key)
		return FILE_FAULT;
	err = look_up(store, key, &file, result, error);
	if (!err && *result != IMPORT_UNCHANGED)
		err = replace(store, path, key, &file, error);
	free(key);
	return err;
}

int store_import(struct store *store, const char *path, enum import_result *result,
		 struct run_error *error)
{
	return import_file(store, path, result, error) ? -1 : 0;
}

/* Rows of files that are no longer there. */
static int forget_gone(struct store *store, struct run_error *error)
{
	sqlite3_stmt *statement = database_prepare(store, "SELECT path FROM run", error);
	int code = SQLITE_DONE, err = 0;

	if (!statement)
		return -1;
	while (!err && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *key = (const char *)sqlite3_column_text(statement, 0);
		char *path = database_path_of(store, key);

		if (!path)
			err = error_set(error, "%s: out of memory", store->path);
		else if (access(path, F_OK) && errno == ENOENT)
			err = forget(store, key, error);
		free(path);
	}
	if (!err && code != SQLITE_DONE)
		err = database_error(store, error);
	sqlite3_finalize(statement);
	return err;
}

static int is_run_file(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 7 && !strcmp(entry->d_name + length - 7, ".ndjson");
}

int store_import_all(struct store *store, size_t count[IMPORT_COUNT], store_problem_fn *problem,
		     void *arg, struct run_error *error)
{
	enum import_result result;
	struct dirent **names = NULL;
	char *path;
	int nr, err = 0;

	memset(count, 0, IMPORT_COUNT * sizeof(*count));
	nr = scandir(store->runs, &names, is_run_file, alphasort);
	if (nr < 0 && errno != ENOENT)
		err = error_set(error, "%s: %s", store->runs, strerror(errno));
	for (int i = 0; i < nr; i++) {
		path = err < 0 ? NULL : database_path_of(store, names[i]->d_name);
		if (path) {
			err = import_file(store, path, &result, error);
			if (!err)
				count[result]++;
			else if (err == FILE_FAULT)
				problem(arg, error);
		}
		free(path);
		free(names[i]);
	}
	free(names);
	if (store->built <= count[IMPORT_UNCHANGED]) {
		count[IMPORT_NEW] += store->built;
		count[IMPORT_UNCHANGED] -= store->built;
	}
	store->built = 0;
	return err < 0 ? -1 : forget_gone(store, error);
}
