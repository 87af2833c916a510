/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_tables.c - counters and stacks of a probe, the greatest first (trace_tables.h). */
#include "trace_tables.h"
#include "trace_record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More, and nobody reads them; --format csv has all. */
#define TABLE_ROWS 20

struct ranked {
	const json_t *record;
	double value;
};

struct ranking {
	struct ranked *rows;
	size_t n;
	double total;
};

/* The greatest first; what has no value comes last; else as they came. */
static int by_value(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (isnan(x->value) || isnan(y->value))
		return isnan(x->value) - isnan(y->value);
	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return (x->record > y->record) - (x->record < y->record);
}

typedef bool takes_fn(const json_t *record, const struct trace_group *group, const char *what);

static struct ranking rank(const json_t *records, const struct trace_group *group, takes_fn *takes,
			   const char *what, const char *field)
{
	struct ranking ranking = {
		.rows = calloc(json_array_size(records) + 1, sizeof(*ranking.rows))};
	const json_t *record;
	size_t i;

	if (!ranking.rows)
		return ranking;
	json_array_foreach (records, i, record) {
		double value = record_number(record, field);

		if (!trace_group_has(group, record) || !takes(record, group, what))
			continue;
		ranking.rows[ranking.n++] = (struct ranked){record, value};
		ranking.total += isnan(value) ? 0 : value;
	}
	qsort(ranking.rows, ranking.n, sizeof(*ranking.rows), by_value);
	return ranking;
}

static bool is_counter(const json_t *record, const struct trace_group *group, const char *name)
{
	(void)group;
	return record_is(record, "counter") && !strcmp(record_text(record, "name"), name);
}

static void print_counter(const json_t *counter, FILE *out)
{
	double ops = record_number(counter, "ops"), value = record_number(counter, "value");
	char key[128], text[32];

	record_key(counter, key, sizeof(key));
	if (isnan(value))
		fprintf(out, "  %14s  %s%s%s\n", record_text(counter, "avail"), key,
			*key ? ": " : "", record_text(counter, "why"));
	else if (ops > 0)
		fprintf(out, "  %14s  %s%s%.4g an operation\n", record_grouped(value, text), key,
			*key ? "  " : "", value / ops);
	else
		fprintf(out, "  %14s  %s\n", record_grouped(value, text), key);
}

/* One table a name: what is counted under it has one unit, and differs by key. */
static void print_table(const json_t *records, const struct trace_group *group, const json_t *first,
			FILE *out)
{
	struct ranking ranking =
		rank(records, group, is_counter, record_text(first, "name"), "value");

	fprintf(out, "%s, %s\n", record_text(first, "name"), record_text(first, "unit"));
	for (size_t i = 0; i < ranking.n && i < TABLE_ROWS; i++)
		print_counter(ranking.rows[i].record, out);
	if (ranking.n > TABLE_ROWS)
		fprintf(out, "  %14s  %zu more\n", "...", ranking.n - TABLE_ROWS);
	fputs("\n", out);
	free(ranking.rows);
}

/* Of this name, did one come before? */
static bool seen_before(const json_t *records, const struct trace_group *group, size_t at)
{
	const char *name = record_text(json_array_get(records, at), "name");

	for (size_t i = 0; i < at; i++) {
		const json_t *other = json_array_get(records, i);

		if (trace_group_has(group, other) && is_counter(other, group, name))
			return true;
	}
	return false;
}

void trace_tables_counters(const json_t *records, const struct trace_group *group, FILE *out)
{
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record) {
		if (record_is(record, "counter") && trace_group_has(group, record) &&
		    !seen_before(records, group, i))
			print_table(records, group, record, out);
	}
}

static bool is_stack(const json_t *record, const struct trace_group *group, const char *what)
{
	(void)group;
	(void)what;
	return record_is(record, "stack");
}

/* The innermost first, as debuggers have them. */
static void print_stack(const struct ranked *row, double total, FILE *out)
{
	const json_t *frames = json_object_get(row->record, "frames");
	char key[128], text[64];

	fprintf(out, "  %s, %.3g %%",
		record_amount(row->value, record_text(row->record, "unit"), text, sizeof(text)),
		total > 0 ? row->value / total * 100 : 0);
	record_key(row->record, key, sizeof(key));
	fprintf(out, "%s%s\n", *key ? "  " : "", key);
	for (size_t i = json_array_size(frames); i; i--) {
		const char *frame = json_string_value(json_array_get(frames, i - 1));

		fprintf(out, "      %s\n", frame ? frame : "?");
	}
}

void trace_tables_stacks(const json_t *records, const struct trace_group *group, size_t top,
			 FILE *out)
{
	struct ranking ranking = rank(records, group, is_stack, "", "weight");

	if (ranking.n)
		fprintf(out, "stacks of %s, %zu of %zu\n", group->probe,
			ranking.n < top ? ranking.n : top, ranking.n);
	for (size_t i = 0; i < ranking.n && i < top; i++)
		print_stack(&ranking.rows[i], ranking.total, out);
	if (ranking.n)
		fputs("\n", out);
	free(ranking.rows);
}
