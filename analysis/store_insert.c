/* SPDX-License-Identifier: GPL-2.0-only */
/* store_insert.c - the rows of one run, within the transaction of its import. */
#include "statistics.h"
#include "store_database.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As in the tables of the comparison: each interval for itself. */
#define CONFIDENCE 0.95

struct import {
	struct store *store;
	struct run_error *error;
	sqlite3_int64 run;
	sqlite3_stmt *bench, *counter, *samples;
};

sqlite3_int64 database_changed_ns(const struct stat *file)
{
	return (sqlite3_int64)file->st_mtim.tv_sec * 1000000000 + file->st_mtim.tv_nsec;
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static size_t count_traced(const struct trace *trace)
{
	return trace->nr_probes + trace->nr_counters + trace->nr_hists + trace->nr_stacks +
	       trace->nr_events;
}

static size_t count_records(const struct run *run)
{
	size_t n = 1 + run->nr_benches + run->nr_notes + !!strcmp(run->status, "incomplete") +
		   count_traced(&run->trace);

	for (size_t i = 0; i < run->nr_benches; i++)
		n += run->benches[i].nr_counters + run->benches[i].nr_samples +
		     run->benches[i].nr_hists + run->benches[i].nr_intervals +
		     count_traced(&run->benches[i].trace);
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
	sqlite3_bind_int64(statement, 3, database_changed_ns(file));
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

int database_insert(struct store *store, const struct run *run, const char *key,
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
	if (import.bench && import.counter && import.samples &&
	    !insert_run(&import, run, key, file) && !insert_benches(&import, run))
		err = 0;
	sqlite3_finalize(import.bench);
	sqlite3_finalize(import.counter);
	sqlite3_finalize(import.samples);
	return err;
}
