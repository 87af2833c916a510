/* SPDX-License-Identifier: GPL-2.0-only */
/* store_query.c - finds runs in the index. */
#include "error.h"
#include "store_database.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUN_COLUMNS "run_id, started, run.status, reason, command, path, benches, records"
#define NEWEST	    " ORDER BY started DESC, run_id DESC"

static const char *text(sqlite3_stmt *statement, int column)
{
	const char *value = (const char *)sqlite3_column_text(statement, column);

	return value ? value : "";
}

static int list(struct store *store, sqlite3_stmt *statement, store_run_fn *each, void *arg,
		struct run_error *error)
{
	bool more = true;
	int code = SQLITE_DONE;

	while (more && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		char *path = database_path_of(store, text(statement, 5));
		struct store_run run = {
			.run_id = text(statement, 0),
			.started = text(statement, 1),
			.status = text(statement, 2),
			.reason = text(statement, 3),
			.command = text(statement, 4),
			.path = path ? path : "",
			.benches = (unsigned int)sqlite3_column_int64(statement, 6),
			.records = (unsigned int)sqlite3_column_int64(statement, 7),
		};

		more = each(arg, &run);
		free(path);
	}
	if (more && code != SQLITE_DONE)
		database_error(store, error);
	sqlite3_finalize(statement);
	return !more || code == SQLITE_DONE ? 0 : -1;
}

int store_list(struct store *store, const char *workload, const char *status, store_run_fn *each,
	       void *arg, struct run_error *error)
{
	sqlite3_stmt *statement = database_prepare(
		store,
		"SELECT " RUN_COLUMNS " FROM run WHERE (?1 IS NULL OR EXISTS"
		" (SELECT 1 FROM bench WHERE bench.run = run.id AND workload = ?1))"
		" AND (?2 IS NULL OR run.status = ?2)" NEWEST,
		error);

	if (!statement)
		return -1;
	sqlite3_bind_text(statement, 1, workload, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, status, -1, SQLITE_STATIC);
	return list(store, statement, each, arg, error);
}

int store_list_series(struct store *store, const char *series, store_run_fn *each, void *arg,
		      struct run_error *error)
{
	sqlite3_stmt *statement =
		database_prepare(store,
				 "SELECT " RUN_COLUMNS " FROM run WHERE id IN"
				 " (SELECT run FROM bench WHERE series = ?)" NEWEST,
				 error);

	if (!statement)
		return -1;
	sqlite3_bind_text(statement, 1, series, -1, SQLITE_STATIC);
	return list(store, statement, each, arg, error);
}

/* Up to two matches tell all: none, one, or ambiguous. */
struct matches {
	size_t nr;
	char *path;
	char ids[96];
	bool out_of_memory;
};

static bool take_match(void *arg, const struct store_run *run)
{
	struct matches *matches = arg;
	size_t length = strlen(matches->ids);

	snprintf(matches->ids + length, sizeof(matches->ids) - length, "%s%s", length ? ", " : "",
		 run->run_id);
	if (!matches->nr++) {
		matches->path = strdup(run->path);
		matches->out_of_memory = !matches->path;
	}
	return matches->nr < 2;
}

static int find(struct store *store, const char *name, struct matches *matches,
		struct run_error *error)
{
	static const char latest[] = "SELECT " RUN_COLUMNS " FROM run" NEWEST " LIMIT 1";
	static const char by_id[] = "SELECT " RUN_COLUMNS " FROM run"
				    " WHERE substr(run_id, 1, length(?1)) = ?1" NEWEST;
	bool is_latest = !strcmp(name, "latest");
	sqlite3_stmt *statement = database_prepare(store, is_latest ? latest : by_id, error);

	if (!statement)
		return -1;
	if (!is_latest)
		sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
	return list(store, statement, take_match, matches, error);
}

/* A path is what has a slash or our ending; a run's id has neither. */
static bool is_path(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '/') || (length > 7 && !strcmp(name + length - 7, ".ndjson"));
}

int store_find(struct store *store, const char *name, char **path, struct run_error *error)
{
	struct matches matches = {0};

	*path = NULL;
	if (is_path(name)) {
		*path = strdup(name);
		return *path ? 0 : error_set(error, "%s: out of memory", name);
	}
	if (!*name)
		return error_set(error, "a run needs a name: an id, the beginning of one, latest, "
					"or a path");
	if (find(store, name, &matches, error))
		goto out_free;
	if (matches.out_of_memory)
		error_set(error, "%s: out of memory", name);
	else if (!matches.nr)
		error_set(error, "%s: no such run in %s; `trimm list runs` shows them", name,
			  store->path);
	else if (matches.nr > 1)
		error_set(error, "%s: more than one run begins so: %s", name, matches.ids);
	else
		*path = matches.path;
	if (*path)
		return 0;

out_free:
	free(matches.path);
	return -1;
}
