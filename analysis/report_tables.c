/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_tables.c - a comparison as tables: one line a case with what matters most, then
 * every row of every case, the most reliable first.
 */
#include "report_page.h"
#include "bench_facts.h"
#include "html.h"

#include <math.h>
#include <string.h>

static const char *value_text(double value, const char *unit, char *buffer, size_t size)
{
	if (isnan(value))
		snprintf(buffer, size, "–");
	else
		compare_format_value(value, unit, buffer, size);
	return buffer;
}

/* A cell "BASE → NEXT". */
static void put_pair(FILE *out, double base, double next, const char *unit)
{
	char left[64], right[64];

	html(out, "<td>$ → $</td>", value_text(base, unit, left, sizeof(left)),
	     value_text(next, unit, right, sizeof(right)));
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
	     compare_format_change(row, change, sizeof(change)),
	     row->verdict == VERDICT_REGRESSED	? "bad"
	     : row->verdict == VERDICT_IMPROVED ? "good"
						: "none",
	     verdict_name(row->verdict));
}

static void put_case(FILE *out, const struct compare_group *group)
{
	const struct bench *base = group->base, *next = group->next;
	const char *source;

	html(out, "<tr><th scope=row>$ $$</th>", group->workload, group->label,
	     group->trade_off ? " (trade-off)" : "");
	put_time(out, time_row(group));
	put_pair(out, bench_median_ns(base, "free"), bench_median_ns(next, "free"), "ns");
	put_pair(out, bench_slow_ns(base, "free"), bench_slow_ns(next, "free"), "ns");
	put_pair(out, bench_longest_purge_ns(base), bench_longest_purge_ns(next), "ns");
	put_pair(out, bench_waiting_bytes(base) / 0x1p20, bench_waiting_bytes(next) / 0x1p20,
		 "MiB");
	put_pair(out, bench_shootdowns_per_free(base, &source),
		 bench_shootdowns_per_free(next, &source), "");
	fputs("</tr>\n", out);
}

static void put_main(const struct report *report, const struct comparison *comparison, size_t first,
		     size_t end)
{
	FILE *out = report->out;

	fputs("<div class=scroll tabindex=0><table class=main>\n<caption>", out);
	report_arm(report, comparison->groups[first].base_name);
	fputs(" → ", out);
	report_arm(report, comparison->groups[first].next_name);
	fputs(", medians over the blocks; the longest purge is the run's</caption>\n"
	      "<thead><tr><th scope=col>case<th scope=col>total time per operation"
	      "<th scope=col>change, its 95 % interval<th scope=col>verdict"
	      "<th scope=col>median free<th scope=col>p99.99 free<th scope=col>longest purge"
	      "<th scope=col>waiting address space, MiB<th scope=col>shootdowns per free"
	      "</tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = first; i < end; i++)
		put_case(out, &comparison->groups[i]);
	fputs("</tbody></table></div>\n", out);
}

static void put_row(FILE *out, const struct compare_row *row)
{
	char base[64], next[64], change[160];

	html(out,
	     "<tr><th scope=row>$</th><td>$</td><td>$</td><td>$</td><td>$</td><td>$</td><td>$</td>"
	     "</tr>\n",
	     row->metric, value_text(row->base, row->unit, base, sizeof(base)),
	     value_text(row->next, row->unit, next, sizeof(next)), row->unit,
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

	html(out, "<details>\n<summary>$ $: all metrics</summary>\n", group->workload,
	     group->label);
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

/* Groups of equal names stand in one table. */
static size_t same_names(const struct comparison *comparison, size_t first)
{
	const struct compare_group *groups = comparison->groups;
	size_t end = first + 1;

	while (end < comparison->nr_groups &&
	       strcmp(groups[end].base_name, groups[first].base_name) == 0 &&
	       strcmp(groups[end].next_name, groups[first].next_name) == 0)
		end++;
	return end;
}

void report_comparison(const struct report *report, const struct comparison *comparison)
{
	FILE *out = report->out;

	html(out, "<h3>By $</h3>\n", comparison->factor);
	for (size_t first = 0, end; first < comparison->nr_groups; first = end) {
		end = same_names(comparison, first);
		put_main(report, comparison, first, end);
	}
	for (size_t i = 0; i < comparison->nr_footnotes; i++)
		html(out, "<p class=footnote>$</p>\n", comparison->footnotes[i]);
	for (size_t i = 0; i < comparison->nr_groups; i++)
		put_group(report, &comparison->groups[i]);
}
