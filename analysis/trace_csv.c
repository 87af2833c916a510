/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_csv.c - see trace_csv.h. */
#include "trace_csv.h"
#include "csv.h"
#include "trace_record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct row {
	const char *name, *key, *unit;
	double low, high, value;
	const char *why;
};

void trace_csv_head(FILE *out)
{
	fputs("record,bench,probe,name,key,unit,low,high,value,why\r\n", out);
}

static void print_row(const json_t *record, const struct row *row, FILE *out)
{
	int bench = record_bench(record);

	csv_text(out, record_text(record, "t"), false);
	csv_number(out, bench < 0 ? NAN : bench, false);
	csv_text(out, record_probe(record), false);
	csv_text(out, row->name, false);
	csv_text(out, row->key, false);
	csv_text(out, row->unit, false);
	csv_number(out, row->low, false);
	csv_number(out, row->high, false);
	csv_number(out, row->value, false);
	csv_text(out, row->why, true);
}

static void print_hist(const json_t *record, const char *key, FILE *out)
{
	struct hist hist;
	bool whole = record_hist(record, &hist);

	for (size_t i = 0; whole && i < hist.nr_buckets; i++) {
		double low = (double)hist.buckets[i].low, width = 1;

		for (double at = low; at >= (double)(2UL << hist.sub_bits); at /= 2)
			width *= 2;
		print_row(record,
			  &(struct row){hist.metric, key, hist.unit, low, low + width - 1,
					(double)hist.buckets[i].count, NULL},
			  out);
	}
	record_hist_free(&hist);
}

static void print_probe(const json_t *record, FILE *out)
{
	static const struct {
		const char *name, *unit;
	} numbers[] =
		{
			{"seconds", "s"},   {"events", "events"}, {"delivered", "events"},
			{"lost", "events"}, {"missed", "events"}, {"refused", "events"},
			{"full", "events"}, {"bpf_ns", "ns"},	  {"bpf_runs", "runs"},
			{"floor_ns", "ns"},
		},
	  intervals[] = {{"cost_ns", "ns"}, {"share", "1"}};
	const char *why = record_text(record, "cost_why");

	print_row(record,
		  &(struct row){"status", record_text(record, "status"), "", NAN, NAN, NAN,
				record_text(record, "why")},
		  out);
	if (!record_worked(record))
		return;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		print_row(record,
			  &(struct row){numbers[i].name, "", numbers[i].unit, NAN, NAN,
					record_number(record, numbers[i].name), NULL},
			  out);
	for (size_t i = 0; i < 2; i++)
		print_row(record,
			  &(struct row){intervals[i].name, "", intervals[i].unit,
					record_at(record, intervals[i].name, 0),
					record_at(record, intervals[i].name, 2),
					record_at(record, intervals[i].name, 1), why},
			  out);
	print_row(record,
		  &(struct row){"disturbed", "", "", NAN, NAN,
				json_is_true(json_object_get(record, "disturbed")), NULL},
		  out);
}

static void print_event(const json_t *record, FILE *out)
{
	double at = record_number(record, "at_ns"), len = record_number(record, "len_ns");
	json_t *key = json_pack("{s:{s:O?,s:O?}}", "key", "cpu", json_object_get(record, "cpu"),
				"tid", json_object_get(record, "tid"));
	char text[256];

	json_object_update(json_object_get(key, "key"), json_object_get(record, "args"));
	print_row(record,
		  &(struct row){record_text(record, "name"), record_key(key, text, sizeof(text)),
				"ns", at, at + len, len, NULL},
		  out);
	json_decref(key);
}

/* As folded.h has them; with the key before, as an outermost frame. */
static void print_stack(const json_t *record, const char *key, FILE *out)
{
	const json_t *frame;
	char *text = NULL;
	size_t i, size;
	FILE *joined = open_memstream(&text, &size);

	if (!joined)
		return;
	fputs(key, joined);
	json_array_foreach (json_object_get(record, "frames"), i, frame)
		fprintf(joined, "%s%s", i || *key ? ";" : "", json_string_value(frame));
	fclose(joined);
	print_row(record,
		  &(struct row){"stack", text, record_text(record, "unit"), NAN, NAN,
				record_number(record, "weight"), NULL},
		  out);
	free(text);
}

void trace_csv_print(const json_t *record, FILE *out)
{
	char key[256];

	record_key(record, key, sizeof(key));
	if (record_is(record, "hist"))
		print_hist(record, key, out);
	else if (record_is(record, "probe"))
		print_probe(record, out);
	else if (record_is(record, "event"))
		print_event(record, out);
	else if (record_is(record, "stack"))
		print_stack(record, key, out);
	else if (record_is(record, "counter"))
		print_row(record,
			  &(struct row){record_text(record, "name"), key,
					record_text(record, "unit"), NAN, NAN,
					record_number(record, "value"), record_text(record, "why")},
			  out);
}
