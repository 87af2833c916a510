/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_text.c - a comparison as a table for the terminal or, with bars, for Markdown.
 *
 * One table a metric, one line a case: a sweep reads downwards. What is judged comes
 * first; exact counters that are equal everywhere fold into one line.
 */
#include "compare_print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Widths in characters; with a verdict of 14 a line has at most 120. */
enum { LABEL_WIDTH = 38, VALUE_WIDTH = 16, CHANGE_WIDTH = 32 };

struct table {
	const struct comparison *comparison;
	const struct compare_group *section; /* its first group: names the values compared */
	bool markdown, verbose;
	FILE *out;
};

/* Pads by characters, not bytes: "µ" and "±" have two bytes each. */
static void put(const struct table *table, const char *text, int width, bool right)
{
	int length = 0;

	for (const char *c = text; *c; c++)
		length += (*c & 0xc0) != 0x80;
	if (right)
		fprintf(table->out, "%*s%s", length < width ? width - length : 0, "", text);
	else
		fprintf(table->out, "%s%*s", text, length < width ? width - length : 0, "");
}

static void put_line(const struct table *table, const char *const cell[5])
{
	if (table->markdown) {
		fprintf(table->out, "| %s | %s | %s | %s | %s |\n", cell[0], cell[1], cell[2],
			cell[3], cell[4]);
		return;
	}
	/* A long label has a line of its own, so that the columns stay put. */
	put(table, cell[0], LABEL_WIDTH, false);
	if (strlen(cell[0]) > LABEL_WIDTH)
		fprintf(table->out, "\n%*s", LABEL_WIDTH, "");
	put(table, cell[1], VALUE_WIDTH, true);
	put(table, cell[2], VALUE_WIDTH, true);
	fputs("   ", table->out);
	put(table, cell[3], *cell[4] ? CHANGE_WIDTH : 0, false);
	fprintf(table->out, "%s%s\n", *cell[4] ? " " : "", cell[4]);
}

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
	put_line(table, (const char *const[]){
				label, base, next, change,
				row->verdict == VERDICT_SHOWN ? "" : verdict_name(row->verdict)});
}

static void put_title(const struct table *table, const struct compare_row *row)
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
	const char *base = table->section->base_name, *next = table->section->next_name;
	char title[256];

	snprintf(title, sizeof(title), "%s [%s], %s, %s", row->metric, row->unit,
		 better[row->better],
		 row->verdict == VERDICT_SHOWN ? "not judged" : judged[row->kind]);
	if (strlen(base) >= VALUE_WIDTH || strlen(next) >= VALUE_WIDTH) {
		base = "base";
		next = "new";
	}
	if (table->markdown) {
		fprintf(table->out, "\n**%s**\n\n", title);
		put_line(table, (const char *const[]){"case", base, next, "change", ""});
		fputs("|:--|--:|--:|:--|:--|\n", table->out);
		return;
	}
	fprintf(table->out, "\n%s\n", title);
	put_line(table, (const char *const[]){"", base, next, "change", ""});
}

static const struct compare_row *find_row(const struct compare_group *group, enum row_kind kind,
					  const char *metric)
{
	for (size_t i = 0; i < group->nr_rows; i++) {
		if (group->rows[i].kind == kind && !strcmp(group->rows[i].metric, metric))
			return &group->rows[i];
	}
	return NULL;
}

static bool in_section(const struct table *table, const struct compare_group *group)
{
	return !strcmp(group->base_name, table->section->base_name) &&
	       !strcmp(group->next_name, table->section->next_name);
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
		put_line(table,
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
		const struct compare_row *row = find_row(&comparison->groups[i], kind, metric);

		if (!row || !in_section(table, &comparison->groups[i]))
			continue;
		if (kind == ROW_EXACT && row->base == row->next && !table->verbose) {
			equal++;
			continue;
		}
		if (!lines++)
			put_title(table, row);
		put_row(table, &comparison->groups[i], row);
	}
	if (kind == ROW_TIME)
		put_geomean(table);
	if (lines && equal)
		fprintf(table->out, "%s%zu more case%s: equal\n", table->markdown ? "\n" : "",
			equal, equal == 1 ? "" : "s");
}

/* Metrics of a kind in order of appearance. */
struct metrics {
	const char **names;
	size_t nr;
};

static bool known(const struct metrics *metrics, const char *name)
{
	for (size_t i = 0; i < metrics->nr; i++) {
		if (!strcmp(metrics->names[i], name))
			return true;
	}
	return false;
}

static void collect(const struct table *table, enum row_kind kind, struct metrics *metrics)
{
	const struct comparison *comparison = table->comparison;

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		for (size_t j = 0; in_section(table, group) && j < group->nr_rows; j++) {
			const char **bigger;

			if (group->rows[j].kind != kind || known(metrics, group->rows[j].metric))
				continue;
			bigger = realloc(metrics->names, (metrics->nr + 1) * sizeof(*bigger));
			if (!bigger)
				return;
			metrics->names = bigger;
			metrics->names[metrics->nr++] = group->rows[j].metric;
		}
	}
}

/* No row of the metric says anything: equal counts, or samples with no difference resolved. */
static bool tells_nothing(const struct table *table, enum row_kind kind, const char *metric)
{
	const struct comparison *comparison = table->comparison;
	char change[128];

	if (kind != ROW_EXACT && kind != ROW_SAMPLES)
		return false;
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_row *row = find_row(&comparison->groups[i], kind, metric);

		if (row && in_section(table, &comparison->groups[i]) && row->base != row->next &&
		    *compare_format_change(row, change, sizeof(change)) != '~')
			return false;
	}
	return true;
}

/* One line for all metrics that tell nothing. */
static void put_folded(const struct table *table, enum row_kind kind, const struct metrics *metrics)
{
	size_t named = 0;

	for (size_t i = 0; i < metrics->nr; i++) {
		if (!tells_nothing(table, kind, metrics->names[i]))
			continue;
		if (!named++)
			fputs(kind == ROW_EXACT ? "\nexact and equal: "
						: "\nno difference resolved: ",
			      table->out);
		fprintf(table->out, "%s%s", named > 1 ? ", " : "", metrics->names[i]);
	}
	if (named)
		fprintf(table->out, " (%zu)\n", named);
}

static void put_section(const struct table *table)
{
	for (enum row_kind kind = ROW_TIME; kind <= ROW_COUNTER; kind++) {
		struct metrics metrics = {0};

		collect(table, kind, &metrics);
		for (size_t i = 0; i < metrics.nr; i++) {
			if (table->verbose || !tells_nothing(table, kind, metrics.names[i]))
				put_metric(table, kind, metrics.names[i]);
		}
		if (!table->verbose)
			put_folded(table, kind, &metrics);
		free(metrics.names);
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
			fprintf(table->out, "%s%s%s%s%s %s: %s: %s\n", lines++ ? "" : "\n",
				table->markdown ? "- " : "", group->workload,
				*group->label ? " " : "", group->label, row->metric,
				verdict_name(row->verdict), row->why);
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
		while (!in_section(table, &comparison->groups[earlier]))
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
