/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_text.c - a comparison as tables, for the terminal or for Markdown.
 *
 * One table a metric, one line a case: a sweep reads downwards. What is judged comes
 * first; exact counters that are equal everywhere fold into one line.
 */
#include "compare_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_WIDTH 120 /* of text, in columns */

static void format_median(const struct compare_row *row, double value, double half, char *buffer,
			  size_t size)
{
	size_t length;

	compare_format_value(value, row->unit, buffer, size);
	length = strlen(buffer);
	if (row->kind == ROW_TIME || row->kind == ROW_SAMPLES)
		snprintf(buffer + length, size - length,
			 isfinite(half) && value > 0 ? " ± %.0f%%" : "", 100 * half / value);
}

static void put_row(const struct table *table, const struct compare_group *group,
		    const struct compare_row *row)
{
	char base[64], next[64], change[128], label[400];

	snprintf(label, sizeof(label), "%s%s%s", group->workload, *group->label ? " " : "",
		 group->label);
	format_median(row, row->base, row->base_half, base, sizeof(base));
	format_median(row, row->next, row->next_half, next, sizeof(next));
	compare_format_change(row, change, sizeof(change));
	table_put_line(table, (const char *const[]){label, base, next, change,
						    row->verdict == VERDICT_SHOWN
							    ? ""
							    : verdict_name(row->verdict)});
}

static void put_title(const struct table *table, const struct compare_row *row, bool processes)
{
	static const char *const judged[] = {
		[ROW_TIME] = "judged by its interval",
		[ROW_EXACT] = "exact",
		[ROW_SAMPLES] = "not judged",
		[ROW_COUNTER] = "not judged",
	};
	static const char *const better[] = {
		[BETTER_NONE] = "neither direction is better",
		[BETTER_LOWER] = "lower is better",
		[BETTER_HIGHER] = "higher is better",
	};
	char title[256], within[64] = "";

	if (row->kind == ROW_EXACT && row->slack > 0)
		snprintf(within, sizeof(within), ", %.2g %% or %.2g do not matter",
			 100 * row->floor, row->slack);
	else if (row->kind == ROW_EXACT && row->floor > 0)
		snprintf(within, sizeof(within), ", %.2g %% do not matter", 100 * row->floor);
	if (processes && (row->kind == ROW_TIME || row->kind == ROW_SAMPLES))
		snprintf(within, sizeof(within), ", over n processes%s",
			 row->kind == ROW_TIME ? ", effect size d" : "");
	snprintf(title, sizeof(title), "%s [%s], %s, %s%s", row->metric, row->unit,
		 better[row->better],
		 row->verdict == VERDICT_SHOWN ? "not judged" : judged[row->kind], within);
	table_put_head(table, title, table->markdown ? "case" : "", "change");
}

static void put_geomean(const struct table *table)
{
	const struct comparison *comparison = table->comparison;

	for (size_t i = 0; i < comparison->nr_geomeans; i++) {
		const struct compare_geomean *mean = &comparison->geomeans[i];
		struct compare_row row = {.kind = ROW_EXACT, .ratio = mean->ratio};
		char base[64], next[64], change[64];

		if (mean->n < 2 || strcmp(mean->base_name, table->section->base_name) ||
		    strcmp(mean->next_name, table->section->next_name))
			continue;
		row.base = mean->base;
		row.next = mean->next;
		table_put_line(
			table,
			(const char *const[]){
				"geomean",
				compare_format_value(mean->base, mean->unit, base, sizeof(base)),
				compare_format_value(mean->next, mean->unit, next, sizeof(next)),
				compare_format_change(&row, change, sizeof(change)), ""});
	}
}

/* One metric: all cases of the section, or those in which an exact counter differs. */
static void put_metric(const struct table *table, enum row_kind kind, const char *metric)
{
	const struct comparison *comparison = table->comparison;
	size_t equal = 0, lines = 0;

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_row *row =
			table_find_row(&comparison->groups[i], kind, metric);

		if (!row || !table_in_section(table, &comparison->groups[i]))
			continue;
		if (kind == ROW_EXACT && row->base == row->next && !table->verbose) {
			equal++;
			continue;
		}
		if (!lines++)
			put_title(table, row, comparison->groups[i].nr_processes);
		put_row(table, &comparison->groups[i], row);
	}
	if (kind == ROW_TIME)
		put_geomean(table);
	if (lines && equal)
		fprintf(table->out, "%s%zu more case%s: equal\n", table->markdown ? "\n" : "",
			equal, equal == 1 ? "" : "s");
}

/* All metrics that tell nothing, by name. */
static void put_folded(const struct table *table, enum row_kind kind, const struct metrics *metrics)
{
	const char *head = kind == ROW_EXACT ? "exact and equal" : "no difference resolved";
	size_t named = 0, column = 0;

	for (size_t i = 0; i < metrics->nr; i++)
		named += table_tells_nothing(table, kind, metrics->names[i]);
	if (!named)
		return;
	column = (size_t)fprintf(table->out, "\n%s (%zu):", head, named) - 1;
	for (size_t i = 0; i < metrics->nr; i++) {
		const char *name = metrics->names[i];

		if (!table_tells_nothing(table, kind, name))
			continue;
		if (column + 2 + strlen(name) > TABLE_WIDTH && !table->markdown)
			column = (size_t)fprintf(table->out, "\n ") - 1;
		column += (size_t)fprintf(table->out, " %s%s", name, --named ? "," : "\n");
	}
}

static void put_section(const struct table *table)
{
	const struct comparison *comparison = table->comparison;
	/* Two runs are compared to find what changed: then each counter that did has a table. */
	bool overview = !table->verbose && comparison->paired;

	/* And what was counted or timed apart, at another moment, is a detail. */
	enum row_kind last = comparison->paired || table->verbose ? ROW_COUNTER : ROW_EXACT;

	for (enum row_kind kind = ROW_TIME; kind <= last; kind++) {
		struct metrics metrics = table_metrics(table, kind);

		for (size_t i = 0; i < metrics.nr; i++) {
			const char *name = metrics.names[i];

			if (kind == ROW_TIME || table->verbose ||
			    (!table_tells_nothing(table, kind, name) && !overview))
				put_metric(table, kind, name);
		}
		if (!table->verbose)
			put_folded(table, kind, &metrics);
		free(metrics.names);
	}
	if (overview) {
		table_put_overview(table, true);
		table_put_overview(table, false);
	}
}

/* Reasons: of groups that were not judged, and of rows where there is one. */
static void put_reasons(const struct table *table)
{
	const struct comparison *comparison = table->comparison;
	size_t lines = 0;

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		for (size_t j = 0; j < group->nr_rows; j++) {
			const struct compare_row *row = &group->rows[j];

			if (!row->why || (row->verdict == VERDICT_SHOWN && !table->verbose))
				continue;
			fprintf(table->out, "%s%s%s%s%s%s%s: %s: %s\n", lines++ ? "" : "\n",
				table->markdown ? "- " : "", group->workload,
				*group->label ? " " : "", group->label, *row->metric ? " " : "",
				row->metric, verdict_name(row->verdict), row->why);
		}
	}
}

static void put_trade_offs(const struct table *table)
{
	const struct comparison *comparison = table->comparison;
	size_t nr = 0;

	for (size_t i = 0; i < comparison->nr_groups; i++)
		nr += comparison->groups[i].trade_off;
	if (nr)
		fprintf(table->out,
			"\nTRADE-OFF in %zu of %zu cases: some judged rows improved, "
			"others regressed\n",
			nr, comparison->nr_groups);
}

static void put_all(struct table *table)
{
	const struct comparison *comparison = table->comparison;
	char text[400];

	fprintf(table->out, table->markdown ? "## %s\n\n" : "%s\n", comparison->title);
	fprintf(table->out, "%s\n", compare_headline(comparison, text, sizeof(text)));
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		size_t earlier = 0;

		table->section = &comparison->groups[i];
		while (!table_in_section(table, &comparison->groups[earlier]))
			earlier++;
		if (earlier == i)
			put_section(table);
	}
	put_reasons(table);
	put_trade_offs(table);
	for (size_t i = 0; i < comparison->nr_footnotes; i++)
		fprintf(table->out, "%s%s%s\n", i ? "" : "\n",
			table->markdown ? "- " : "note: ", comparison->footnotes[i]);
	fprintf(table->out, "\n%s\n", compare_summary(comparison, text, sizeof(text)));
}

void compare_print_text(const struct comparison *comparison, bool verbose, FILE *out)
{
	put_all(&(struct table){.comparison = comparison, .verbose = verbose, .out = out});
}

void compare_print_markdown(const struct comparison *comparison, bool verbose, FILE *out)
{
	put_all(&(struct table){
		.comparison = comparison, .markdown = true, .verbose = verbose, .out = out});
}
