/* SPDX-License-Identifier: GPL-2.0-only */
/* model_records.c - see model_records.h; results/README.md has the fields. */
#include "model_records.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A difference up to so much is no regression: the counts repeat to the last digit, but moving
 * a function changes a few of them, by which pages it shares, though no work was added.
 */
#define THRESHOLD 0.005

#define LOWER "lower"
#define NONE  "none"
static const struct {
	const char *name, *unit, *better;
	double slack;
} counters[] = {
#define COUNTER(name, unit, better, slack, about) {#name, unit, better, slack},
#include "counters.def"
#undef COUNTER
};

static const struct {
	const char *suffix, *unit;
} costs[] = {
	[ROW_COST_INSTRUCTIONS] = {"instructions", "instructions"},
	[ROW_COST_MISSES] = {"stlb_misses", "misses"},
	[ROW_COST_STEPS] = {"walk_steps", "steps"},
};

/* A model record, read. */
struct model {
	json_int_t bench, first, rows, ops;
	json_t *metrics;
};

struct output {
	model_emit_fn *emit;
	void *arg;
};

/* Takes @record. */
static void emit(const struct output *output, json_t *record)
{
	/* 15 digits: what a double holds exactly, and no tail of its binary form. */
	char *line = json_dumps(record, JSON_COMPACT | JSON_REAL_PRECISION(15));

	if (line)
		output->emit(output->arg, line, strlen(line));
	free(line);
	json_decref(record);
}

/* Not counted: null and why. */
static void emit_absent(const struct output *output, const struct model *model, unsigned int i)
{
	emit(output,
	     json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:n, s:s, s:s, s:s}", "t", "counter",
		       "bench", model->bench, "phase", "exact", "name", counters[i].name, "unit",
		       counters[i].unit, "better", counters[i].better, "class", "exact", "value",
		       "avail", "unsupported", "why",
		       "no TLB is modelled of a guest whose flushes nobody tells", "source",
		       "tlbmodel"));
}

static void emit_counters(const struct output *output, const struct model *model,
			  const struct row *row, uint64_t absent)
{
	for (unsigned int i = 0; i < ROW_COUNTERS; i++) {
		int stable = 1;
		json_t *record;

		if (absent >> i & 1) {
			emit_absent(output, model, i);
			continue;
		}
		for (json_int_t r = 1; r < model->rows; r++)
			stable &= row[r].counter[i] == row->counter[i];
		record = json_pack(
			"{s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:b, s:s, s:s, s:f}", "t",
			"counter", "bench", model->bench, "phase", "exact", "name",
			counters[i].name, "unit", counters[i].unit, "better", counters[i].better,
			"class", "exact", "value", (json_int_t)row->counter[i], "ops", model->ops,
			"stable", stable, "avail", "ok", "source", "tlbmodel", "threshold",
			THRESHOLD);
		if (counters[i].slack > 0)
			json_object_set_new(record, "slack",
					    json_real(counters[i].slack * (double)model->ops));
		emit(output, record);
	}
}

static json_t *buckets(const struct histogram *histogram)
{
	unsigned int last = histogram_index(histogram->max, HISTOGRAM_SUB_BITS);
	json_t *array = json_array();

	for (unsigned int i = histogram_index(histogram->min, HISTOGRAM_SUB_BITS); i <= last; i++)
		if (histogram->count[i])
			json_array_append_new(
				array, json_pack("[I, I]",
						 (json_int_t)histogram_low(i, HISTOGRAM_SUB_BITS),
						 (json_int_t)histogram->count[i]));
	return array;
}

static void emit_histogram(const struct output *output, const struct model *model,
			   const char *metric, unsigned int cost, const struct histogram *histogram)
{
	char name[96], sum[24];

	if (!histogram->n)
		return;
	snprintf(name, sizeof(name), "%s.%s", metric, costs[cost].suffix);
	snprintf(sum, sizeof(sum), "%lu", histogram->sum);
	emit(output,
	     json_pack("{s:s, s:I, s:s, s:s, s:s, s:i, s:I, s:I, s:I, s:s, s:o, s:i}", "t", "hist",
		       "bench", model->bench, "metric", name, "unit", costs[cost].unit, "scheme",
		       "loglin", "sub_bits", HISTOGRAM_SUB_BITS, "n", (json_int_t)histogram->n,
		       "min", (json_int_t)histogram->min, "max", (json_int_t)histogram->max, "sum",
		       sum, "buckets", buckets(histogram), "lost", 0));
}

static bool refuse(char *why, size_t size, const char *text, json_int_t number)
{
	snprintf(why, size, text, (long)number);
	return false;
}

static bool usable(const struct model *model, const struct rows *rows, char *why, size_t size)
{
	uint64_t complete =
		atomic_load_explicit((const _Atomic uint64_t *)&rows->n, memory_order_acquire);
	const json_t *metric;
	size_t m;

	json_array_foreach (model->metrics, m, metric) {
		if (!json_is_string(metric))
			return refuse(why, size, "a model record whose metric %ld has no name", m);
	}
	if (json_array_size(model->metrics) > ROW_METRICS)
		return refuse(why, size, "a model record of more than %ld metrics", ROW_METRICS);
	if (rows->lost)
		return refuse(why, size, "the plugin has room for %ld rows; split the case",
			      ROWS_MAX);
	if (model->first < 0 || model->rows < 1 || complete > ROWS_MAX ||
	    (uint64_t)model->first + (uint64_t)model->rows > complete)
		return refuse(why, size, "a model record names rows beyond the %ld of the plugin",
			      (json_int_t)complete);
	return true;
}

static void emit_all(const struct output *output, const struct model *model,
		     const struct rows *rows)
{
	const struct row *row = &rows->row[model->first];
	const json_t *metric;
	size_t m;

	emit_counters(output, model, row, rows->absent);
	json_array_foreach (model->metrics, m, metric) {
		for (unsigned int cost = 0; cost < ROW_COSTS; cost++)
			if (!(rows->absent >> (ROW_COUNTERS + cost) & 1))
				emit_histogram(output, model, json_string_value(metric), cost,
					       &row->cost[m][cost]);
	}
	emit(output, json_pack("{s:s, s:I, s:s, s:s+}", "t", "note", "bench", model->bench, "level",
			       "info", "text", "modelled: ", rows->model));
}

bool model_records(const struct rows *rows, const char *line, size_t length, model_emit_fn *emit_fn,
		   void *arg, char *why, size_t why_size)
{
	const struct output output = {emit_fn, arg};
	json_error_t error;
	json_t *record = json_loadb(line, length, 0, &error);
	struct model model;
	bool fine;

	if (!record || json_unpack_ex(record, &error, 0, "{s:I, s:I, s:I, s:I, s:o}", "bench",
				      &model.bench, "first", &model.first, "rows", &model.rows,
				      "ops", &model.ops, "metrics", &model.metrics)) {
		snprintf(why, why_size, "a model record that is none: %s", error.text);
		json_decref(record);
		return false;
	}
	fine = usable(&model, rows, why, why_size);
	if (fine)
		emit_all(&output, &model, rows);
	json_decref(record);
	return fine;
}
