/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_tables.c - a comparison as tables: one line a case with what matters most, then
 * every row of every case, the most reliable first.
 */
#include "report_page.h"
#include "bench_facts.h"
#include "html.h"
#include "report_frame.h"

#include <math.h>
#include <string.h>

/* A cell "BASE → NEXT". */
static void put_pair(FILE *out, double base, double next, const char *unit)
{
	char left[64], right[64];

	html(out, "<td>$ → $</td>", frame_value(base, unit, left, sizeof(left)),
	     frame_value(next, unit, right, sizeof(right)));
}

static const struct compare_row *time_row(const struct compare_group *group)
{
	for (size_t i = 0; i < group->nr_rows; i++) {
		if (group->rows[i].kind == ROW_TIME || group->rows[i].kind == ROW_OUTCOME)
			return &group->rows[i];
	}
	return NULL;
}

static void put_time(FILE *out, const struct compare_row *row)
{
	char change[160];

	if (!row || row->kind == ROW_OUTCOME) {
		html(out, "<td>–</td><td>$</td><td>$</td>", row && row->why ? row->why : "–",
		     row ? verdict_name(row->verdict) : "no time");
		return;
	}
	put_pair(out, row->base, row->next, row->unit);
	html(out, "<td>$</td><td><span class=\"tag v$\">$</span></td>",
	     compare_format_change(row, change, sizeof(change)), frame_tag(row->verdict),
	     verdict_name(row->verdict));
}

static double median_free(const struct bench *bench)
{
	return bench_median_ns(bench, "free");
}

static double slow_free(const struct bench *bench)
{
	return bench_slow_ns(bench, "free");
}

static double mean_alloc(const struct bench *bench)
{
	return bench_mean_ns(bench, "alloc");
}

static double mean_free(const struct bench *bench)
{
	return bench_mean_ns(bench, "free");
}

static double waiting_mib(const struct bench *bench)
{
	return bench_waiting_bytes(bench) / 0x1p20;
}

/* The host's count where mmcore made none would be other programs'. */
static double shootdowns(const struct bench *bench)
{
	const char *source;

	return bench_has_shootdowns(bench) ? bench_shootdowns_per_free(bench, &source) : 0;
}

/* What a case cost beside its time; a column that no case has anything to put in is left out. */
static const struct column {
	const char *head, *unit;
	double (*value)(const struct bench *bench);
} columns[] = {
	{"median free", "ns", median_free},
	{"p99.99 free", "ns", slow_free},
	{"mean alloc", "ns", mean_alloc},
	{"mean free", "ns", mean_free},
	{"served by per-CPU lists, %", "", bench_from_lists},
	{"longest purge", "ns", bench_longest_purge_ns},
	{"waiting address space, MiB", "MiB", waiting_mib},
	{"shootdowns per free", "", shootdowns},
	{"steps of a search", "", bench_steps_per_area},
	{"memory held per byte asked for", "", bench_held_per_requested},
};
#define NR_COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Groups of a workload that compare the same two stand in one table. */
static bool same_names(const struct compare_group *a, const struct compare_group *b)
{
	return strcmp(a->workload, b->workload) == 0 && strcmp(a->base_name, b->base_name) == 0 &&
	       strcmp(a->next_name, b->next_name) == 0;
}

static bool is_first(const struct comparison *comparison, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (same_names(&comparison->groups[j], &comparison->groups[i]))
			return false;
	}
	return true;
}

static bool has_column(const struct comparison *comparison, const struct compare_group *first,
		       const struct column *column)
{
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		if (same_names(group, first) &&
		    (column->value(group->base) > 0 || column->value(group->next) > 0))
			return true;
	}
	return false;
}

static void put_case(FILE *out, const struct compare_group *group, const bool *shown)
{
	const struct bench *base = group->base, *next = group->next;

	html(out, "<tr><th scope=row>$ $$</th>", group->workload, group->label,
	     group->trade_off ? " (trade-off)" : "");
	put_time(out, time_row(group));
	for (size_t c = 0; c < NR_COLUMNS; c++) {
		if (shown[c])
			put_pair(out, columns[c].value(base), columns[c].value(next),
				 columns[c].unit);
	}
	fputs("</tr>\n", out);
}

static void put_main(const struct report *report, const struct comparison *comparison,
		     const struct compare_group *first)
{
	FILE *out = report->out;
	bool shown[NR_COLUMNS];

	fputs("<div class=scroll tabindex=0><table class=main>\n<caption>", out);
	report_arm(report, first->base_name);
	fputs(" → ", out);
	report_arm(report, first->next_name);
	fputs(", medians over the blocks; the longest purge is the run's</caption>\n"
	      "<thead><tr><th scope=col>case<th scope=col>total time per operation"
	      "<th scope=col>change, its 95 % interval<th scope=col>verdict",
	      out);
	for (size_t c = 0; c < NR_COLUMNS; c++) {
		shown[c] = has_column(comparison, first, &columns[c]);
		if (shown[c])
			html(out, "<th scope=col>$", columns[c].head);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		if (same_names(&comparison->groups[i], first))
			put_case(out, &comparison->groups[i], shown);
	}
	fputs("</tbody></table></div>\n", out);
}

static void put_row(FILE *out, const struct compare_row *row)
{
	char base[64], next[64], change[160];

	html(out,
	     "<tr><th scope=row>$</th><td>$</td><td>$</td><td>$</td><td>$</td><td>$</td><td>$</td>"
	     "</tr>\n",
	     row->metric, frame_value(row->base, row->unit, base, sizeof(base)),
	     frame_value(row->next, row->unit, next, sizeof(next)), row->unit,
	     compare_format_change(row, change, sizeof(change)), verdict_name(row->verdict),
	     row->why ? row->why : "");
}

/* Rows of these kinds under a heading of their own; exact counters that are equal, counted. */
static void put_rows(FILE *out, const struct compare_group *group, const char *heading,
		     enum row_kind first, enum row_kind last)
{
	size_t equal = 0, shown = 0;
	char text[64];

	for (size_t i = 0; i < group->nr_rows; i++) {
		const struct compare_row *row = &group->rows[i];

		if (row->kind < first || row->kind > last)
			continue;
		if (!shown++)
			html(out, "<tr class=heading><th scope=colgroup colspan=7>$</th></tr>\n",
			     heading);
		if (row->kind == ROW_EXACT && row->base == row->next && !row->why)
			equal++;
		else
			put_row(out, row);
	}
	if (!equal)
		return;
	snprintf(text, sizeof(text), "%zu exact counter%s equal", equal, equal == 1 ? "" : "s");
	html(out, "<tr><td colspan=7>$</td></tr>\n", text);
}

static void put_group(const struct report *report, const struct compare_group *group)
{
	FILE *out = report->out;

	html(out, "<details>\n<summary>$$$, $ against $: all metrics</summary>\n", group->workload,
	     *group->label ? " " : "", group->label, group->next_name, group->base_name);
	fputs("<div class=scroll tabindex=0><table>\n<thead><tr><th scope=col>metric<th scope=col>",
	      out);
	report_arm(report, group->base_name);
	fputs("<th scope=col>", out);
	report_arm(report, group->next_name);
	fputs("<th scope=col>unit<th scope=col>change<th scope=col>verdict"
	      "<th scope=col>remark</tr></thead>\n<tbody>\n",
	      out);
	put_rows(out, group, "Outcome", ROW_OUTCOME, ROW_OUTCOME);
	put_rows(out, group, "Exact counts: the same on every repetition", ROW_EXACT, ROW_EXACT);
	put_rows(out, group, "Time, judged", ROW_TIME, ROW_TIME);
	put_rows(out, group, "Less reliable: shown, not judged", ROW_SAMPLES, ROW_COUNTER);
	fputs("</tbody></table></div>\n</details>\n", out);
}

/* Longer lists than this of what is folded away are folded away themselves. */
#define GROUPS_OPEN 16

static void put_groups(const struct report *report, const struct comparison *comparison,
		       const char *workload)
{
	size_t n = 0;

	for (size_t i = 0; i < comparison->nr_groups; i++)
		n += !strcmp(comparison->groups[i].workload, workload);
	if (n > GROUPS_OPEN)
		fputs("<details>\n<summary>All metrics, case by case</summary>\n<div "
		      "class=folded>\n",
		      report->out);
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		if (!strcmp(comparison->groups[i].workload, workload))
			put_group(report, &comparison->groups[i]);
	}
	if (n > GROUPS_OPEN)
		fputs("</div>\n</details>\n", report->out);
}

void report_comparison(const struct report *report, const struct comparison *comparison,
		       const char *workload)
{
	bool headed = false;

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		if (strcmp(comparison->groups[i].workload, workload) || !is_first(comparison, i))
			continue;
		if (!headed && comparison->factor)
			html(report->out, "<h3>By $</h3>\n", comparison->factor);
		headed = true;
		put_main(report, comparison, &comparison->groups[i]);
	}
	if (headed)
		put_groups(report, comparison, workload);
}
