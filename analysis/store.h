/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * store.h - the index over results/runs/: which runs there are, and what was in them.
 *
 * The NDJSON files are the truth; the index can be deleted at any time. Each import is one
 * transaction. No type of the database below shows here, so that another can take its
 * place. All int results are 0 or -1 with @error set to one line.
 */
#ifndef ANALYSIS_STORE_H
#define ANALYSIS_STORE_H

#include "run.h"

#include <stdio.h>

struct store;

/*
 * Open the index @results/trimm.db. One that is missing, or of an older format, is built
 * from the files of @results/runs, all or nothing; one of a newer format is an error.
 */
int store_open(const char *results, struct store **out, struct run_error *error);
void store_close(struct store *store);

enum import_result { IMPORT_NEW, IMPORT_REPLACED, IMPORT_UNCHANGED, IMPORT_COUNT };

/* Index one file; a file of known path, size and time is not read again. */
int store_import(struct store *store, const char *path, enum import_result *result,
		 struct run_error *error);

/* Called for each file that could not be imported. */
typedef void store_problem_fn(void *arg, const struct run_error *error);
/*
 * Index every *.ndjson file of @results/runs and forget files that are gone; one that can't
 * be read is reported and the others go on. count[] tells how many of each.
 */
int store_import_all(struct store *store, size_t count[IMPORT_COUNT], store_problem_fn *problem,
		     void *arg, struct run_error *error);

struct store_run {
	const char *run_id, *started, *status, *reason, *command, *path;
	unsigned int benches, records;
};
/* A false stops the listing. */
typedef bool store_run_fn(void *arg, const struct store_run *run);
/* Newest first; @workload, @status: only such runs, NULL for all. */
int store_list(struct store *store, const char *workload, const char *status, store_run_fn *each,
	       void *arg, struct run_error *error);
/* Runs that hold a bench of this series, newest first. */
int store_list_series(struct store *store, const char *series, store_run_fn *each, void *arg,
		      struct run_error *error);

/*
 * The file of a run, malloc()ed: @name is an id, the unique beginning of one, "latest", or
 * a path. Ambiguous or unknown: -1.
 */
int store_find(struct store *store, const char *name, char **path, struct run_error *error);

/*
 * Index every *.json file of @results/nights that is new or has changed, all in one transaction,
 * and forget files that are gone. Nights that are not finished are passed over. *count: files read.
 */
int store_import_nights(struct store *store, size_t *count, store_problem_fn *problem, void *arg,
			struct run_error *error);

struct store_night {
	long long id;
	const char *night, *started, *status, *machine, *commit, *subject, *reference, *repo;
};
struct store_series {
	long long id;
	const char *series, *workload, *label, *target, *machine, *metric, *unit;
	int better; /* enum better */
	bool exact;
};
struct store_value {
	long long series, night;
	double value, low, high; /* low, high: NAN for counts */
};
/* Each gets what is borrowed until it returns. Without @series and @value nights alone are read. */
struct store_history {
	void (*night)(void *arg, const struct store_night *night);
	void (*series)(void *arg, const struct store_series *series);
	void (*value)(void *arg, const struct store_value *value);
	void *arg;
};
/*
 * All nights by their time, then all series by workload, label and metric, then all values by
 * series; of one machine if @machine is not NULL.
 */
int store_read_nights(struct store *store, const char *machine, const struct store_history *history,
		      struct run_error *error);

enum export_format { EXPORT_CSV, EXPORT_JSON, EXPORT_PAGEALLOC };
/*
 * CSV (RFC 4180): every counter, and of every samples its n, median and its interval. JSON:
 * one array of all lines of the file. Pagealloc: see below. Write errors are left in ferror(@out).
 */
int store_export(const struct run *run, enum export_format format, FILE *out,
		 struct run_error *error);
/* store_pagealloc.c: the run's cases of page-batch as mmtests' table; -1 if it has none. */
int store_export_pagealloc(const struct run *run, FILE *out, struct run_error *error);

#endif /* ANALYSIS_STORE_H */
