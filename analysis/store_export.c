/* SPDX-License-Identifier: GPL-2.0-only */
/* store_export.c - a run for other programs: a flat table, or one JSON document. */
#include "csv.h"
#include "error.h"
#include "statistics.h"
#include "store.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CONFIDENCE 0.95

static void put_bench(FILE *out, const struct run *run, const struct bench *bench,
		      const char *params)
{
	csv_text(out, run->run_id, false);
	csv_number(out, bench->id, false);
	csv_number(out, bench->case_id, false);
	csv_text(out, bench->workload, false);
	csv_text(out, bench->target, false);
	csv_text(out, bench->arm, false);
	csv_text(out, params, false);
	csv_text(out, bench->status, false);
}

static void put_counter(FILE *out, const struct counter *counter)
{
	csv_text(out, "counter", false);
	csv_text(out, counter->phase, false);
	csv_text(out, counter->name, false);
	csv_text(out, counter->unit, false);
	csv_number(out, counter->has_value ? counter->value : NAN, false);
	csv_number(out, NAN, false);
	csv_number(out, NAN, false);
	csv_number(out, NAN, false);
	csv_number(out, (double)counter->ops, false);
	csv_text(out, counter->avail, false);
	csv_text(out, counter->why, true);
}

static void put_samples(FILE *out, const struct samples *samples)
{
	struct estimate estimate =
		statistics_median_interval(samples->values, samples->n, CONFIDENCE);

	csv_text(out, "samples", false);
	csv_text(out, "measure", false);
	csv_text(out, samples->metric, false);
	csv_text(out, samples->unit, false);
	csv_number(out, estimate.median, false);
	csv_number(out, estimate.low, false);
	csv_number(out, estimate.high, false);
	csv_number(out, (double)samples->n, false);
	csv_number(out, samples->ops ? (double)samples->ops : NAN, false);
	csv_text(out, "ok", false);
	csv_text(out, NULL, true);
}

static void export_csv(const struct run *run, FILE *out)
{
	fputs("run_id,bench,case,workload,target,arm,params,status,record,phase,metric,unit,value,"
	      "low,high,n,ops,avail,why\r\n",
	      out);
	for (size_t i = 0; i < run->nr_benches; i++) {
		const struct bench *bench = &run->benches[i];
		char *params = json_dumps(bench->params, JSON_COMPACT | JSON_SORT_KEYS);

		for (size_t j = 0; j < bench->nr_counters; j++) {
			put_bench(out, run, bench, params);
			put_counter(out, &bench->counters[j]);
		}
		for (size_t j = 0; j < bench->nr_samples; j++) {
			put_bench(out, run, bench, params);
			put_samples(out, &bench->samples[j]);
		}
		free(params);
	}
}

/* The lines were checked when the run was read; a last line cut short is left out. */
static int export_json(const struct run *run, FILE *out, struct run_error *error)
{
	FILE *in = fopen(run->path, "re");
	char *line = NULL;
	size_t room = 0, lines = 0;
	ssize_t length;

	if (!in)
		return error_set(error, "%s: %s", run->path, strerror(errno));
	while ((length = getline(&line, &room, in)) > 0) {
		bool whole = line[length - 1] == '\n';
		json_t *record = NULL;

		if (whole)
			length--;
		else
			record = json_loadb(line, (size_t)length, 0, NULL);
		if (whole || record) {
			fputs(lines++ ? ",\n" : "[\n", out);
			fwrite(line, 1, (size_t)length, out);
		}
		json_decref(record);
	}
	fputs("\n]\n", out);
	free(line);
	fclose(in);
	return 0;
}

int store_export(const struct run *run, enum export_format format, FILE *out,
		 struct run_error *error)
{
	if (format == EXPORT_JSON)
		return export_json(run, out, error);
	if (format == EXPORT_PAGEALLOC)
		return store_export_pagealloc(run, out, error);
	export_csv(run, out);
	return 0;
}
