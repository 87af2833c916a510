/* SPDX-License-Identifier: GPL-2.0-only */
/* compare_print.c - a comparison for programs: JSON, CSV and JUnit, all rows in each. */
#include "compare_print.h"
#include "csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	enum compare_format format;
} formats[] = {
	{"text", FORMAT_TEXT},	       {"json", FORMAT_JSON},	{"csv", FORMAT_CSV},
	{"markdown", FORMAT_MARKDOWN}, {"junit", FORMAT_JUNIT},
};

static const char *const kind_names[] = {
	[ROW_OUTCOME] = "outcome", [ROW_TIME] = "time",	      [ROW_EXACT] = "exact",
	[ROW_SAMPLES] = "samples", [ROW_COUNTER] = "counter",
};
static const char *const better_names[] = {
	[BETTER_NONE] = "none",
	[BETTER_LOWER] = "lower",
	[BETTER_HIGHER] = "higher",
};

int compare_format_from_name(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		if (!strcmp(formats[i].name, name))
			return (int)formats[i].format;
	}
	return -1;
}

void compare_print(const struct comparison *comparison, enum compare_format format, bool verbose,
		   FILE *out)
{
	switch (format) {
	case FORMAT_TEXT:
		compare_print_text(comparison, verbose, out);
		break;
	case FORMAT_MARKDOWN:
		compare_print_markdown(comparison, verbose, out);
		break;
	case FORMAT_JSON:
		compare_print_json(comparison, out);
		break;
	case FORMAT_CSV:
		compare_print_csv(comparison, out);
		break;
	case FORMAT_JUNIT:
		compare_print_junit(comparison, out);
		break;
	}
}

/* JSON has no NAN and no infinity: null. */
static void set_number(json_t *object, const char *key, double value)
{
	json_object_set_new(object, key, isfinite(value) ? json_real(value) : json_null());
}

static void set_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, text ? json_string(text) : json_null());
}

static json_t *row_json(const struct compare_row *row)
{
	json_t *out = json_object();

	set_text(out, "kind", kind_names[row->kind]);
	set_text(out, "metric", row->metric);
	set_text(out, "unit", row->unit);
	set_text(out, "better", better_names[row->better]);
	set_number(out, "base", row->base);
	set_number(out, "base_half_interval", row->base_half);
	set_number(out, "new", row->next);
	set_number(out, "new_half_interval", row->next_half);
	set_number(out, "ratio", row->ratio);
	set_number(out, "low", row->low);
	set_number(out, "high", row->high);
	json_object_set_new(out, "n", json_integer((json_int_t)row->n));
	set_number(out, "floor", row->floor);
	set_number(out, "effect", row->effect);
	set_text(out, "verdict", verdict_name(row->verdict));
	set_text(out, "why", row->why);
	return out;
}

static json_t *group_json(const struct compare_group *group)
{
	json_t *out = json_object(), *rows = json_array();

	set_text(out, "workload", group->workload);
	set_text(out, "case", group->label);
	set_text(out, "base", group->base_name);
	set_text(out, "new", group->next_name);
	json_object_set(out, "params", group->base->params);
	json_object_set_new(out, "trade_off", json_boolean(group->trade_off));
	json_object_set_new(
		out, "processes",
		json_integer(group->nr_processes ? (json_int_t)group->nr_processes : 1));
	for (size_t i = 0; i < group->nr_rows; i++)
		json_array_append_new(rows, row_json(&group->rows[i]));
	json_object_set_new(out, "rows", rows);
	return out;
}

static json_t *geomean_json(const struct compare_geomean *mean)
{
	json_t *out = json_object();

	set_text(out, "base", mean->base_name);
	set_text(out, "new", mean->next_name);
	set_text(out, "unit", mean->unit);
	set_number(out, "base_value", mean->base);
	set_number(out, "new_value", mean->next);
	set_number(out, "ratio", mean->ratio);
	json_object_set_new(out, "cases", json_integer((json_int_t)mean->n));
	return out;
}

json_t *compare_json(const struct comparison *comparison)
{
	json_t *top = json_object(), *groups = json_array(), *means = json_array();
	json_t *notes = json_array(), *counts = json_object();
	char headline[400];

	set_text(top, "title", comparison->title);
	set_text(top, "headline", compare_headline(comparison, headline, sizeof(headline)));
	set_text(top, "factor", comparison->factor);
	json_object_set_new(top, "paired", json_boolean(comparison->paired));
	json_object_set_new(top, "exit_code", json_integer(compare_exit_code(comparison)));
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		json_object_set_new(counts, verdict_name(v),
				    json_integer((json_int_t)comparison->count[v]));
	json_object_set_new(top, "verdicts", counts);
	for (size_t i = 0; i < comparison->nr_groups; i++)
		json_array_append_new(groups, group_json(&comparison->groups[i]));
	json_object_set_new(top, "groups", groups);
	for (size_t i = 0; i < comparison->nr_geomeans; i++)
		json_array_append_new(means, geomean_json(&comparison->geomeans[i]));
	json_object_set_new(top, "geomeans", means);
	for (size_t i = 0; i < comparison->nr_footnotes; i++)
		json_array_append_new(notes, json_string(comparison->footnotes[i]));
	json_object_set_new(top, "notes", notes);
	return top;
}

void compare_print_json(const struct comparison *comparison, FILE *out)
{
	json_t *top = compare_json(comparison);

	json_dumpf(top, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
	fputc('\n', out);
	json_decref(top);
}

/* Files of one process a case have the columns they ever had. */
static bool by_processes(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		if (comparison->groups[i].nr_processes)
			return true;
	}
	return false;
}

void compare_print_csv(const struct comparison *comparison, FILE *out)
{
	bool processes = by_processes(comparison);

	fprintf(out,
		"workload,case,base,new,kind,metric,unit,better,base_value,base_half_interval,"
		"new_value,new_half_interval,ratio,low,high,n,verdict,why%s\r\n",
		processes ? ",processes,floor,effect" : "");
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		for (size_t j = 0; j < group->nr_rows; j++) {
			const struct compare_row *row = &group->rows[j];

			csv_text(out, group->workload, false);
			csv_text(out, group->label, false);
			csv_text(out, group->base_name, false);
			csv_text(out, group->next_name, false);
			csv_text(out, kind_names[row->kind], false);
			csv_text(out, row->metric, false);
			csv_text(out, row->unit, false);
			csv_text(out, better_names[row->better], false);
			csv_number(out, row->base, false);
			csv_number(out, row->base_half, false);
			csv_number(out, row->next, false);
			csv_number(out, row->next_half, false);
			csv_number(out, row->ratio, false);
			csv_number(out, row->low, false);
			csv_number(out, row->high, false);
			csv_number(out, (double)row->n, false);
			csv_text(out, verdict_name(row->verdict), false);
			csv_text(out, row->why, !processes);
			if (!processes)
				continue;
			csv_number(out, (double)group->nr_processes, false);
			csv_number(out, row->floor, false);
			csv_number(out, row->effect, true);
		}
	}
}

static void put_xml(FILE *out, const char *text)
{
	for (const char *c = text ? text : ""; *c; c++) {
		if (*c == '<')
			fputs("&lt;", out);
		else if (*c == '>')
			fputs("&gt;", out);
		else if (*c == '&')
			fputs("&amp;", out);
		else if (*c == '"')
			fputs("&quot;", out);
		else
			fputc((unsigned char)*c < ' ' ? ' ' : *c, out);
	}
}

static void put_testcase(const struct compare_group *group, const struct compare_row *row,
			 FILE *out)
{
	bool failed = row->verdict == VERDICT_REGRESSED;
	bool passed = row->verdict == VERDICT_IMPROVED || row->verdict == VERDICT_UNCHANGED;
	char change[400];

	fputs("  <testcase classname=\"trimm.", out);
	put_xml(out, group->workload);
	fputs("\" name=\"", out);
	put_xml(out, group->label);
	fputs(*group->label ? " " : "", out);
	put_xml(out, group->next_name);
	fputs(*row->metric ? " " : "", out);
	put_xml(out, row->metric);
	if (passed) {
		fputs("\"/>\n", out);
		return;
	}
	fprintf(out,
		"\">\n    <%s message=\"%s: ", failed ? "failure type=\"regression\"" : "skipped",
		verdict_name(row->verdict));
	put_xml(out, compare_format_change(row, change, sizeof(change)));
	if (row->why && row->kind != ROW_OUTCOME) {
		fputs("; ", out);
		put_xml(out, row->why);
	}
	fputs("\"/>\n  </testcase>\n", out);
}

/* Judged rows only: each is a test that passed, failed (regressed) or was skipped. */
void compare_print_junit(const struct comparison *comparison, FILE *out)
{
	const size_t *count = comparison->count;
	size_t skipped = count[VERDICT_INCONCLUSIVE] + count[VERDICT_NOT_COMPARABLE] +
			 count[VERDICT_SKIPPED] + count[VERDICT_NOT_APPLICABLE];
	size_t tests = skipped + count[VERDICT_REGRESSED] + count[VERDICT_IMPROVED] +
		       count[VERDICT_UNCHANGED];

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n <testsuite name=\"", out);
	put_xml(out, comparison->title);
	fprintf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", tests,
		count[VERDICT_REGRESSED], skipped);
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		for (size_t j = 0; j < group->nr_rows; j++) {
			if (group->rows[j].verdict != VERDICT_SHOWN)
				put_testcase(group, &group->rows[j], out);
		}
	}
	fputs(" </testsuite>\n</testsuites>\n", out);
}
