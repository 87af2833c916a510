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

/* NULL: what belongs to the whole run. */
static void put_bench(FILE *out, const struct run *run, const struct bench *bench,
		      const char *params)
{
	csv_text(out, run->run_id, false);
	if (!bench) {
		for (unsigned int i = 0; i < 7; i++)
			csv_text(out, NULL, false);
		return;
	}
	csv_number(out, bench->id, false);
	csv_number(out, bench->case_id, false);
	csv_text(out, bench->workload, false);
	csv_text(out, bench->target, false);
	csv_text(out, bench->arm, false);
	csv_text(out, params, false);
	csv_text(out, bench->status, false);
}

static void put_counter(FILE *out, const struct counter *counter, const char *name)
{
	csv_text(out, "counter", false);
	csv_text(out, counter->phase, false);
	csv_text(out, name, false);
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

/* An account is a row each; what could not be had is one without a value. */
static void put_account(FILE *out, const struct probe *probe, const char *what, const char *unit,
			const struct trace_interval *value, const char *why)
{
	char name[128];

	snprintf(name, sizeof(name), "%s.%s", probe->name, what);
	csv_text(out, "probe", false);
	csv_text(out, "measure", false);
	csv_text(out, name, false);
	csv_text(out, unit, false);
	csv_number(out, value->mid, false);
	csv_number(out, value->low, false);
	csv_number(out, value->high, false);
	csv_number(out, NAN, false);
	csv_number(out, NAN, false);
	csv_text(out, probe->status, false);
	csv_text(out, why, true);
}

static void put_probe(FILE *out, const struct run *run, const struct bench *bench,
		      const char *params, const struct probe *probe)
{
	const struct {
		const char *what, *unit;
		double value;
	} counts[] = {
		{"events", "events", probe->events},   {"delivered", "events", probe->delivered},
		{"lost", "events", probe->lost},       {"missed", "events", probe->missed},
		{"refused", "events", probe->refused}, {"full", "events", probe->full},
		{"seconds", "s", probe->seconds},      {"bpf_ns", "ns", probe->bpf_ns},
		{"bpf_runs", "runs", probe->bpf_runs}, {"floor_ns", "ns", probe->floor_ns},
		{"disturbed", "", probe->disturbed},
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct trace_interval value = {NAN, counts[i].value, NAN};

		put_bench(out, run, bench, params);
		put_account(out, probe, counts[i].what, counts[i].unit, &value, probe->why);
	}
	put_bench(out, run, bench, params);
	put_account(out, probe, "cost_ns", "ns", &probe->cost_ns, probe->cost_why);
	put_bench(out, run, bench, params);
	put_account(out, probe, "share", "ratio", &probe->share, probe->cost_why);
}

/* "ipi.latency{from=0 to=1}". */
static const char *traced_name(const char *source, const char *name, const struct trace_key *keys,
			       size_t nr, char *buffer, size_t size)
{
	char key[256];

	trace_key_text(keys, nr, key, sizeof(key));
	snprintf(buffer, size, "%s.%s%s%s%s", source, name, nr ? "{" : "", key, nr ? "}" : "");
	return buffer;
}

/* The median, with the quarters as its ends. */
static void put_hist(FILE *out, const struct hist *hist, const char *name)
{
	csv_text(out, "hist", false);
	csv_text(out, "measure", false);
	csv_text(out, name, false);
	csv_text(out, hist->hz > 0 ? "ns" : hist->unit, false);
	csv_number(out, hist_quantile_ns(hist, 0.5), false);
	csv_number(out, hist_quantile_ns(hist, 0.25), false);
	csv_number(out, hist_quantile_ns(hist, 0.75), false);
	csv_number(out, (double)hist->n, false);
	csv_number(out, NAN, false);
	csv_text(out, "ok", false);
	csv_text(out, NULL, true);
}

static void put_trace(FILE *out, const struct run *run, const struct bench *bench,
		      const char *params, const struct trace *trace)
{
	char name[512];

	for (size_t i = 0; i < trace->nr_probes; i++)
		put_probe(out, run, bench, params, &trace->probes[i]);
	for (size_t i = 0; i < trace->nr_counters; i++) {
		const struct counter *counter = &trace->counters[i];

		put_bench(out, run, bench, params);
		put_counter(out, counter,
			    traced_name(counter->source, counter->name, counter->keys,
					counter->nr_keys, name, sizeof(name)));
	}
	for (size_t i = 0; i < trace->nr_hists; i++) {
		const struct hist *hist = &trace->hists[i];

		put_bench(out, run, bench, params);
		put_hist(out, hist,
			 traced_name(hist->source, hist->metric, hist->keys, hist->nr_keys, name,
				     sizeof(name)));
	}
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
			put_counter(out, &bench->counters[j], bench->counters[j].name);
		}
		for (size_t j = 0; j < bench->nr_samples; j++) {
			put_bench(out, run, bench, params);
			put_samples(out, &bench->samples[j]);
		}
		put_trace(out, run, bench, params, &bench->trace);
		free(params);
	}
	put_trace(out, run, NULL, NULL, &run->trace);
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
