/* SPDX-License-Identifier: GPL-2.0-only */
/* store_database.h - the SQLite side of the store; private to store*.c. */
#ifndef ANALYSIS_STORE_DATABASE_H
#define ANALYSIS_STORE_DATABASE_H

#include "store.h"

#include <sqlite3.h>
#include <sys/stat.h>

struct store {
	sqlite3 *db;
	char *results;	   /* the folder, as an absolute path */
	char *runs, *path; /* the folder of files and the index, as the user named them */
	size_t built;	   /* files that store_open() indexed, not yet reported as new */
};

/* The file that the index knows as @key: under runs/ or absolute. malloc()ed. */
char *database_path_of(const struct store *store, const char *key);
/* Always -1: the database's own words, with the index and what to do about it. */
int database_error(const struct store *store, struct run_error *error);
/* Statements without a result. */
int database_run(struct store *store, const char *sql, struct run_error *error);
/* NULL on error. Finalize with sqlite3_finalize(). */
sqlite3_stmt *database_prepare(struct store *store, const char *sql, struct run_error *error);
/* Run a bound statement that gives no rows, and reset it for the next. */
int database_step(struct store *store, sqlite3_stmt *statement, struct run_error *error);

/* A transaction; one within another is part of it. *outer says which it is, for the end. */
int database_begin(struct store *store, bool *outer, struct run_error *error);
int database_commit(struct store *store, bool outer, struct run_error *error);
void database_rollback(struct store *store, bool outer);

/* When the file was last changed, as the index keeps it. */
sqlite3_int64 database_changed_ns(const struct stat *file);
/* Add the rows of a run. */
int database_insert(struct store *store, const struct run *run, const char *key,
		    const struct stat *file, struct run_error *error);

#endif /* ANALYSIS_STORE_DATABASE_H */
