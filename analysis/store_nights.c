/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * store_nights.c - the nights of results/nights in the index: what years of them say of a series is
 * then one stretch of a table, and no file needs to be read.
 */
#include "error.h"
#include "night.h"
#include "store_database.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct import {
	struct store *store;
	struct run_error *error;
	char *folder;
	bool begun, outer; /* the transaction, with the first file that needs one */
	sqlite3_stmt *known, *forget, *night, *add_series, *series, *value;
};

static int prepare(struct import *import)
{
	struct store *store = import->store;
	struct run_error *error = import->error;

	import->known = database_prepare(
		store, "SELECT size = ?2 AND changed_ns = ?3 FROM night WHERE path = ?1", error);
	import->forget = database_prepare(store, "DELETE FROM night WHERE path = ?", error);
	import->night = database_prepare(
		store,
		"INSERT INTO night (path, size, changed_ns, night, started, status, machine,"
		" commit_id, subject, reference, repo) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		error);
	/* The label says what varies within a suite: the newest suite's words are shown. */
	import->add_series = database_prepare(
		store,
		"INSERT INTO night_series (series, workload, label, target, machine, metric, unit,"
		" better, exact) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
		" ON CONFLICT (series, metric) DO UPDATE SET label = excluded.label"
		" WHERE label <> excluded.label",
		error);
	import->series = database_prepare(
		store, "SELECT id FROM night_series WHERE series = ? AND metric = ?", error);
	import->value = database_prepare(
		store, "INSERT OR REPLACE INTO night_value VALUES (?, ?, ?, ?, ?)", error);
	return import->known && import->forget && import->night && import->add_series &&
			       import->series && import->value
		       ? 0
		       : -1;
}

static void finish(struct import *import)
{
	sqlite3_finalize(import->known);
	sqlite3_finalize(import->forget);
	sqlite3_finalize(import->night);
	sqlite3_finalize(import->add_series);
	sqlite3_finalize(import->series);
	sqlite3_finalize(import->value);
	free(import->folder);
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	sqlite3_bind_text(statement, at, text ? text : "", -1, SQLITE_STATIC);
}

static void bind_number(sqlite3_stmt *statement, int at, double value)
{
	if (isfinite(value))
		sqlite3_bind_double(statement, at, value);
	else
		sqlite3_bind_null(statement, at);
}

/* What one night says of one metric of a case. */
struct entry {
	const struct night *night;
	const struct night_case *item;
	const char *metric, *unit;
	enum better better;
	bool exact;
	double value, low, high;
};

static int find_series(struct import *import, const struct entry *entry, sqlite3_int64 *id)
{
	sqlite3_stmt *statement = import->add_series;
	int code;

	bind_text(statement, 1, entry->item->series);
	bind_text(statement, 2, entry->item->workload);
	bind_text(statement, 3, entry->item->label);
	bind_text(statement, 4, entry->item->target);
	bind_text(statement, 5, entry->night->machine);
	bind_text(statement, 6, entry->metric);
	bind_text(statement, 7, entry->unit);
	sqlite3_bind_int(statement, 8, entry->better);
	sqlite3_bind_int(statement, 9, entry->exact);
	if (database_step(import->store, statement, import->error))
		return -1;
	statement = import->series;
	bind_text(statement, 1, entry->item->series);
	bind_text(statement, 2, entry->metric);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*id = sqlite3_column_int64(statement, 0);
	else
		database_error(import->store, import->error);
	sqlite3_reset(statement);
	return code == SQLITE_ROW ? 0 : -1;
}

static int insert_value(struct import *import, sqlite3_int64 night, const struct entry *entry)
{
	sqlite3_int64 series;

	if (!isfinite(entry->value))
		return 0;
	if (find_series(import, entry, &series))
		return -1;
	sqlite3_bind_int64(import->value, 1, series);
	sqlite3_bind_int64(import->value, 2, night);
	sqlite3_bind_double(import->value, 3, entry->value);
	bind_number(import->value, 4, entry->low);
	bind_number(import->value, 5, entry->high);
	return database_step(import->store, import->value, import->error);
}

static int insert_case(struct import *import, sqlite3_int64 id, const struct night *night,
		       const struct night_case *item)
{
	int err = 0;

	if (item->has_time && item->time.ratio > 0)
		err = insert_value(import, id,
				   &(struct entry){night, item, item->time.metric, "ratio",
						   BETTER_LOWER, false, item->time.ratio,
						   item->time.low, item->time.high});
	for (size_t i = 0; !err && item->has_exact && i < item->exact.nr_counters; i++) {
		const struct night_counter *counter = &item->exact.counters[i];

		err = insert_value(import, id,
				   &(struct entry){night, item, counter->name, counter->unit,
						   counter->better, true, counter->head, NAN, NAN});
	}
	return err;
}

static int insert_night(struct import *import, const struct night *night, const char *name,
			const struct stat *file)
{
	sqlite3_stmt *statement = import->night;
	sqlite3_int64 id;
	int err;

	bind_text(statement, 1, name);
	sqlite3_bind_int64(statement, 2, file->st_size);
	sqlite3_bind_int64(statement, 3, database_changed_ns(file));
	bind_text(statement, 4, night->id);
	bind_text(statement, 5, night->started);
	bind_text(statement, 6, night->status);
	bind_text(statement, 7, night->machine);
	bind_text(statement, 8, night->head.commit);
	bind_text(statement, 9, night->head.subject);
	bind_text(statement, 10, night->reference.commit);
	bind_text(statement, 11, night->repo);
	err = database_step(import->store, statement, import->error);
	id = sqlite3_last_insert_rowid(import->store->db);
	for (size_t i = 0; !err && i < night->nr_cases; i++)
		err = insert_case(import, id, night, &night->cases[i]);
	return err;
}

/* Reading an index that is up to date needs no right to write, and waits for nobody. */
static int begin(struct import *import)
{
	if (import->begun)
		return 0;
	if (database_begin(import->store, &import->outer, import->error))
		return -1;
	import->begun = true;
	return 0;
}

static int forget(struct import *import, const char *name)
{
	if (begin(import))
		return -1;
	bind_text(import->forget, 1, name);
	return database_step(import->store, import->forget, import->error);
}

enum known { KNOWN_NOT, KNOWN_OLDER, KNOWN_AS_IT_IS };

/* What the index has of the file, or -1. */
static int is_known(struct import *import, const char *name, const struct stat *file)
{
	int code, known;

	bind_text(import->known, 1, name);
	sqlite3_bind_int64(import->known, 2, file->st_size);
	sqlite3_bind_int64(import->known, 3, database_changed_ns(file));
	code = sqlite3_step(import->known);
	if (code == SQLITE_ROW)
		known = sqlite3_column_int(import->known, 0) ? KNOWN_AS_IT_IS : KNOWN_OLDER;
	else if (code == SQLITE_DONE)
		known = KNOWN_NOT;
	else
		known = database_error(import->store, import->error);
	sqlite3_reset(import->known);
	return known;
}

#define FILE_FAULT 1

/* 0, FILE_FAULT, or -1. */
static int import_file(struct import *import, const char *path, const char *name, size_t *count)
{
	struct night *night = NULL;
	struct stat file;
	int known, err;

	if (stat(path, &file)) {
		error_set(import->error, "%s: %s", path, strerror(errno));
		return FILE_FAULT;
	}
	known = is_known(import, name, &file);
	if (known < 0 || known == KNOWN_AS_IT_IS)
		return known < 0 ? -1 : 0;
	if (known == KNOWN_OLDER && forget(import, name))
		return -1;
	if (night_load(path, &night, import->error))
		return FILE_FAULT;
	err = 0;
	if (night->finished && night->machine) {
		err = begin(import) || insert_night(import, night, name, &file) ? -1 : 0;
		++*count;
	}
	night_free(night);
	return err;
}

static int is_night_file(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 5 && !strcmp(entry->d_name + length - 5, ".json");
}

/* Rows of files that are no longer there. */
static int forget_gone(struct import *import)
{
	sqlite3_stmt *statement =
		database_prepare(import->store, "SELECT path FROM night", import->error);
	int code = SQLITE_DONE, err = 0;

	if (!statement)
		return -1;
	while (!err && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(statement, 0);
		char *path = NULL;
		struct stat file;

		if (asprintf(&path, "%s/%s", import->folder, name) < 0)
			err = error_set(import->error, "%s: out of memory", import->store->path);
		else if (stat(path, &file) && errno == ENOENT)
			err = forget(import, name);
		free(path);
	}
	if (!err && code != SQLITE_DONE)
		err = database_error(import->store, import->error);
	sqlite3_finalize(statement);
	return err;
}

static int import_files(struct import *import, size_t *count, store_problem_fn *problem, void *arg)
{
	struct dirent **names = NULL;
	int nr = scandir(import->folder, &names, is_night_file, alphasort), err = 0;

	if (nr < 0 && errno != ENOENT)
		return error_set(import->error, "%s: %s", import->folder, strerror(errno));
	for (int i = 0; i < nr; i++) {
		char *path = NULL;

		if (err >= 0 && asprintf(&path, "%s/%s", import->folder, names[i]->d_name) < 0)
			err = error_set(import->error, "%s: out of memory", import->folder);
		if (err >= 0)
			err = import_file(import, path, names[i]->d_name, count);
		if (err == FILE_FAULT)
			problem(arg, import->error);
		free(path);
		free(names[i]);
	}
	free(names);
	return err < 0 ? -1 : forget_gone(import);
}

int store_import_nights(struct store *store, size_t *count, store_problem_fn *problem, void *arg,
			struct run_error *error)
{
	struct import import = {.store = store, .error = error};
	int err;

	*count = 0;
	if (asprintf(&import.folder, "%s/nights", store->results) < 0)
		return error_set(error, "%s: out of memory", store->results);
	err = prepare(&import) || import_files(&import, count, problem, arg);
	if (!err && import.begun)
		err = database_commit(store, import.outer, error);
	if (err && import.begun)
		database_rollback(store, import.outer);
	finish(&import);
	return err ? -1 : 0;
}

static const char *text(sqlite3_stmt *statement, int column)
{
	const char *value = (const char *)sqlite3_column_text(statement, column);

	return value ? value : "";
}

static double number(sqlite3_stmt *statement, int column)
{
	return sqlite3_column_type(statement, column) == SQLITE_NULL
		       ? NAN
		       : sqlite3_column_double(statement, column);
}

static void give_night(const struct store_history *history, sqlite3_stmt *row)
{
	const struct store_night night = {sqlite3_column_int64(row, 0),
					  text(row, 1),
					  text(row, 2),
					  text(row, 3),
					  text(row, 4),
					  text(row, 5),
					  text(row, 6),
					  text(row, 7),
					  text(row, 8)};

	history->night(history->arg, &night);
}

static void give_series(const struct store_history *history, sqlite3_stmt *row)
{
	const struct store_series series = {.id = sqlite3_column_int64(row, 0),
					    .series = text(row, 1),
					    .workload = text(row, 2),
					    .label = text(row, 3),
					    .target = text(row, 4),
					    .machine = text(row, 5),
					    .metric = text(row, 6),
					    .unit = text(row, 7),
					    .better = sqlite3_column_int(row, 8),
					    .exact = sqlite3_column_int(row, 9)};

	history->series(history->arg, &series);
}

static void give_value(const struct store_history *history, sqlite3_stmt *row)
{
	const struct store_value value = {sqlite3_column_int64(row, 0),
					  sqlite3_column_int64(row, 1), number(row, 2),
					  number(row, 3), number(row, 4)};

	history->value(history->arg, &value);
}

int store_read_nights(struct store *store, const char *machine, const struct store_history *history,
		      struct run_error *error)
{
	static const struct {
		const char *sql;
		void (*give)(const struct store_history *history, sqlite3_stmt *row);
	} parts[] = {
		{"SELECT id, night, started, status, machine, commit_id, subject, reference, repo"
		 " FROM night WHERE ?1 IS NULL OR machine = ?1 ORDER BY started, night",
		 give_night},
		{"SELECT id, series, workload, label, target, machine, metric, unit, better, exact"
		 " FROM night_series WHERE ?1 IS NULL OR machine = ?1"
		 " ORDER BY workload, label, target, exact DESC, metric, machine",
		 give_series},
		{"SELECT series, night, value, low, high FROM night_value WHERE ?1 IS NULL OR "
		 "series"
		 " IN (SELECT id FROM night_series WHERE machine = ?1) ORDER BY series, night",
		 give_value},
	};
	int code = SQLITE_DONE;

	for (size_t i = 0; code == SQLITE_DONE && i < sizeof(parts) / sizeof(*parts); i++) {
		sqlite3_stmt *statement;

		if (i && !history->series)
			break;
		statement = database_prepare(store, parts[i].sql, error);
		if (!statement)
			return -1;
		sqlite3_bind_text(statement, 1, machine, -1, SQLITE_STATIC);
		while ((code = sqlite3_step(statement)) == SQLITE_ROW)
			parts[i].give(history, statement);
		if (code != SQLITE_DONE)
			database_error(store, error);
		sqlite3_finalize(statement);
	}
	return code == SQLITE_DONE ? 0 : -1;
}
