/* SPDX-License-Identifier: GPL-2.0-only */
/* store_import.c - from run files to the index, each in one transaction. */
#include "error.h"
#include "store_database.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* What the index has of the file: IMPORT_NEW nothing, _REPLACED an older state. */
static int look_up(struct store *store, const char *key, const struct stat *file,
		   enum import_result *result, struct run_error *error)
{
	sqlite3_stmt *statement =
		database_prepare(store, "SELECT size, changed_ns FROM run WHERE path = ?", error);
	int code;

	if (!statement)
		return -1;
	sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
	code = sqlite3_step(statement);
	if (code == SQLITE_DONE)
		*result = IMPORT_NEW;
	else if (code == SQLITE_ROW && sqlite3_column_int64(statement, 0) == file->st_size &&
		 sqlite3_column_int64(statement, 1) == database_changed_ns(file))
		*result = IMPORT_UNCHANGED;
	else if (code == SQLITE_ROW)
		*result = IMPORT_REPLACED;
	else
		database_error(store, error);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE || code == SQLITE_ROW ? 0 : -1;
}

static int forget(struct store *store, const char *key, struct run_error *error)
{
	sqlite3_stmt *statement = database_prepare(store, "DELETE FROM run WHERE path = ?", error);
	int err;

	if (!statement)
		return -1;
	sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
	err = database_step(store, statement, error);
	sqlite3_finalize(statement);
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
		err = forget(store, key, error);
		if (!err)
			err = database_insert(store, run, key, file, error);
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
