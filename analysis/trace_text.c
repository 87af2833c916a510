/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_text.c - see trace_text.h. */
#include "trace_text.h"
#include "histogram_text.h"
#include "trace_record.h"
#include "trace_tables.h"

#include <math.h>
#include <string.h>

bool trace_group_has(const struct trace_group *group, const json_t *record)
{
	return record_bench(record) == group->bench && !strcmp(record_probe(record), group->probe);
}

static struct trace_group group_of(const json_t *record)
{
	return (struct trace_group){record_probe(record), record_bench(record)};
}

/* What belongs to a group and is shown in it. */
static bool belongs(const json_t *record)
{
	return record_is(record, "probe") || record_is(record, "hist") ||
	       record_is(record, "counter") || record_is(record, "stack");
}

static const json_t *probe_of(const json_t *records, const struct trace_group *group)
{
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record) {
		if (record_is(record, "probe") && trace_group_has(group, record))
			return record;
	}
	return NULL;
}

static void print_head(const struct trace_group *group, const json_t *probe, FILE *out)
{
	double seconds = record_number(probe, "seconds");
	const char *how = record_text(probe, "how");
	char text[32];

	fputs(group->probe, out);
	if (group->bench >= 0)
		fprintf(out, ", bench %d", group->bench);
	if (probe)
		fprintf(out, ": %s events", record_grouped(record_number(probe, "events"), text));
	if (!isnan(seconds))
		fprintf(out, " in %.4g s", seconds);
	fprintf(out, "%s%s\n\n", *how ? ", by " : "", how);
}

static void print_hist(const json_t *record, const json_t *probe, FILE *out)
{
	char key[256];
	struct hist hist;

	record_key(record, key, sizeof(key));
	fprintf(out, "%s%s%s\n", record_text(record, "metric"), *key ? ", " : "", key);
	if (record_hist(record, &hist)) {
		histogram_text_print(&hist, out);
		if (hist.lost)
			fprintf(out, "  %lu beyond its range\n", hist.lost);
	} else {
		fputs("  (damaged)\n", out);
	}
	if (probe)
		trace_text_account(probe, out);
	fputs("\n", out);
	record_hist_free(&hist);
}

static void print_group(const json_t *records, const struct trace_group *group, size_t top,
			FILE *out)
{
	const json_t *probe = probe_of(records, group), *record;
	bool told = false;
	size_t i;

	print_head(group, probe, out);
	json_array_foreach (records, i, record) {
		if (!record_is(record, "hist") || !trace_group_has(group, record))
			continue;
		print_hist(record, probe, out);
		told = true;
	}
	if (probe && !told) {
		trace_text_account(probe, out);
		fputs("\n", out);
	}
	trace_tables_counters(records, group, out);
	trace_tables_stacks(records, group, top, out);
}

/* Does the group of record @at begin with it? */
static bool first_of_group(const json_t *records, size_t at)
{
	struct trace_group group = group_of(json_array_get(records, at));

	for (size_t i = 0; i < at; i++) {
		const json_t *other = json_array_get(records, i);

		if (belongs(other) && trace_group_has(&group, other))
			return false;
	}
	return true;
}

void trace_text_print(const json_t *records, size_t top, FILE *out)
{
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record) {
		struct trace_group group = group_of(record);
		const json_t *probe = probe_of(records, &group);

		if (record_is(record, "note"))
			fprintf(out, "%s: %s\n", record_text(record, "level"),
				record_text(record, "text"));
		if (!belongs(record) || !first_of_group(records, i))
			continue;
		if (probe && !record_worked(probe))
			continue;
		print_group(records, &group, top, out);
	}
}

void trace_text_event_head(FILE *out)
{
	fprintf(out, "%-16s %3s %7s %-24s %10s  %s\n", "TIME(s)", "CPU", "TID", "EVENT", "TOOK",
		"ARGUMENTS");
}

void trace_text_event(const json_t *event, FILE *out)
{
	double len = record_number(event, "len_ns"), cpu = record_number(event, "cpu");
	double tid = record_number(event, "tid");
	char name[64], took[40] = "", args[256];
	json_t *wrapped = json_pack("{s:O?}", "key", json_object_get(event, "args"));

	snprintf(name, sizeof(name), "%s.%s", record_text(event, "probe"),
		 record_text(event, "name"));
	if (!isnan(len))
		record_amount(len, "ns", took, sizeof(took));
	fprintf(out, "%-16.9f %3.0f %7.0f %-24s %10s  %s\n", record_number(event, "at_ns") / 1e9,
		isnan(cpu) ? -1 : cpu, isnan(tid) ? -1 : tid, name, took,
		record_key(wrapped, args, sizeof(args)));
	json_decref(wrapped);
}
