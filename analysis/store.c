/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * store.c - the index: its tables, its version, its transactions.
 *
 * The default rollback journal, not a write-ahead log: reading then needs no right to
 * write, so results on a read-only disk can be listed; writes are rare and short.
 */
#include "error.h"
#include "store_database.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Raised with every change of the tables below; an older index is then built anew. */
#define INDEX_VERSION 2
/* How long one import waits for another. */
#define BUSY_MS 30000

static const char tables[] =
	"DROP TABLE IF EXISTS night_value;"
	"DROP TABLE IF EXISTS night_series;"
	"DROP TABLE IF EXISTS night;"
	"DROP TABLE IF EXISTS samples;"
	"DROP TABLE IF EXISTS counter;"
	"DROP TABLE IF EXISTS bench;"
	"DROP TABLE IF EXISTS run;"
	/* path: relative to the folder of runs, if inside of it. */
	"CREATE TABLE run (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER,"
	" changed_ns INTEGER, run_id TEXT NOT NULL, started TEXT NOT NULL, status TEXT NOT NULL,"
	" reason TEXT, command TEXT, benches INTEGER, records INTEGER);"
	"CREATE INDEX run_by_start ON run (started, run_id);"
	"CREATE TABLE bench (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,"
	" bench INTEGER NOT NULL, case_id INTEGER, workload TEXT, version TEXT, series TEXT,"
	" target TEXT, arm TEXT, params TEXT, check_level INTEGER, ops INTEGER, ops_digest TEXT,"
	" status TEXT, why TEXT, PRIMARY KEY (run, bench)) WITHOUT ROWID;"
	"CREATE INDEX bench_by_series ON bench (series);"
	"CREATE INDEX bench_by_workload ON bench (workload);"
	"CREATE TABLE counter (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,"
	" bench INTEGER NOT NULL, phase TEXT, name TEXT, unit TEXT, avail TEXT, value REAL,"
	" ops INTEGER);"
	"CREATE INDEX counter_by_bench ON counter (run, bench);"
	"CREATE TABLE samples (run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,"
	" bench INTEGER NOT NULL, metric TEXT, unit TEXT, n INTEGER, median REAL, low REAL,"
	" high REAL, ops INTEGER);"
	"CREATE INDEX samples_by_bench ON samples (run, bench);"
	/* path: a file name under nights/. */
	"CREATE TABLE night (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER,"
	" changed_ns INTEGER, night TEXT, started TEXT, status TEXT, machine TEXT, commit_id TEXT,"
	" subject TEXT, reference TEXT, repo TEXT);"
	"CREATE TABLE night_series (id INTEGER PRIMARY KEY, series TEXT, workload TEXT, label TEXT,"
	" target TEXT, machine TEXT, metric TEXT, unit TEXT, better INTEGER, exact INTEGER,"
	" UNIQUE (series, metric));"
	/* A row of nights lies together, as it is read. */
	"CREATE TABLE night_value (series INTEGER NOT NULL, night INTEGER NOT NULL"
	" REFERENCES night ON DELETE CASCADE, value REAL, low REAL, high REAL,"
	" PRIMARY KEY (series, night)) WITHOUT ROWID;";

int database_error(const struct store *store, struct run_error *error)
{
	int code = sqlite3_errcode(store->db);
	const char *advice = "";

	if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
		advice = "; delete it: it is built again from the files in runs/";
	else if (code == SQLITE_BUSY)
		advice = "; another import is at work, try again";
	return error_set(error, "%s: %s%s", store->path, sqlite3_errmsg(store->db), advice);
}

int database_run(struct store *store, const char *sql, struct run_error *error)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return database_error(store, error);
	return 0;
}

sqlite3_stmt *database_prepare(struct store *store, const char *sql, struct run_error *error)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
		database_error(store, error);
	return statement;
}

int database_step(struct store *store, sqlite3_stmt *statement, struct run_error *error)
{
	int code = sqlite3_step(statement);

	if (code != SQLITE_DONE)
		database_error(store, error);
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? 0 : -1;
}

int database_begin(struct store *store, bool *outer, struct run_error *error)
{
	*outer = sqlite3_get_autocommit(store->db);
	return *outer ? database_run(store, "BEGIN IMMEDIATE", error) : 0;
}

int database_commit(struct store *store, bool outer, struct run_error *error)
{
	return outer ? database_run(store, "COMMIT", error) : 0;
}

void database_rollback(struct store *store, bool outer)
{
	if (outer)
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

char *database_path_of(const struct store *store, const char *key)
{
	char *path;

	if (*key == '/')
		return strdup(key);
	return asprintf(&path, "%s/%s", store->runs, key) < 0 ? NULL : path;
}

static int read_version(struct store *store, int *version, struct run_error *error)
{
	sqlite3_stmt *statement = database_prepare(store, "PRAGMA user_version", error);
	int code;

	if (!statement)
		return -1;
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*version = sqlite3_column_int(statement, 0);
	else
		database_error(store, error);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? 0 : -1;
}

/* A file that can't be read has no place in the index; `trimm import` says which. */
static void pass_over(void *arg, const struct run_error *error)
{
	(void)arg;
	(void)error;
}

static int build(struct store *store, struct run_error *error)
{
	size_t count[IMPORT_COUNT];
	char set_version[64];
	int version;
	bool outer;

	if (database_begin(store, &outer, error))
		return -1;
	/* Another program may have built it while we waited. */
	if (read_version(store, &version, error))
		goto out_rollback;
	if (version < INDEX_VERSION) {
		snprintf(set_version, sizeof(set_version), "PRAGMA user_version = %d",
			 INDEX_VERSION);
		if (database_run(store, tables, error) || database_run(store, set_version, error) ||
		    store_import_all(store, count, pass_over, NULL, error))
			goto out_rollback;
		store->built = count[IMPORT_NEW];
	}
	if (!database_commit(store, outer, error))
		return 0;

out_rollback:
	database_rollback(store, outer);
	return -1;
}

static int open_database(struct store *store, struct run_error *error)
{
	int version;

	if (sqlite3_open_v2(store->path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
			    NULL) != SQLITE_OK)
		return database_error(store, error);
	sqlite3_busy_timeout(store->db, BUSY_MS);
	if (database_run(store, "PRAGMA foreign_keys = ON", error) ||
	    read_version(store, &version, error))
		return -1;
	if (version > INDEX_VERSION)
		return error_set(error, "%s: format %d of a newer trimm; this one reads format %d",
				 store->path, version, INDEX_VERSION);
	return version < INDEX_VERSION ? build(store, error) : 0;
}

int store_open(const char *results, struct store **out, struct run_error *error)
{
	struct store *store = calloc(1, sizeof(*store));

	*out = NULL;
	if (!store)
		return error_set(error, "%s: out of memory", results);
	store->results = realpath(results, NULL);
	if (!store->results) {
		error_set(error, "%s: %s", results, strerror(errno));
		goto out_close;
	}
	if (asprintf(&store->runs, "%s/runs", results) < 0)
		store->runs = NULL;
	if (asprintf(&store->path, "%s/trimm.db", results) < 0)
		store->path = NULL;
	if (!store->runs || !store->path) {
		error_set(error, "%s: out of memory", results);
		goto out_close;
	}
	if (open_database(store, error))
		goto out_close;
	*out = store;
	return 0;

out_close:
	store_close(store);
	return -1;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	sqlite3_close(store->db);
	free(store->results);
	free(store->runs);
	free(store->path);
	free(store);
}
