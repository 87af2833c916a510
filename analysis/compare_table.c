/* SPDX-License-Identifier: GPL-2.0-only */
/* compare_table.c - lines of a table for the terminal or, with bars, for Markdown. */
#include "compare_table.h"

#include <stdlib.h>
#include <string.h>

/* Widths in characters; with a verdict of 14 a line has at most 120. */
enum { LABEL_WIDTH = 38, VALUE_WIDTH = 16, CHANGE_WIDTH = 32 };

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

void table_put_line(const struct table *table, const char *const cell[5])
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

void table_put_head(const struct table *table, const char *title, const char *label,
		    const char *change)
{
	const char *base = table->section->base_name, *next = table->section->next_name;
	bool spelled_out = false;

	if (strlen(base) >= VALUE_WIDTH || strlen(next) >= VALUE_WIDTH) {
		base = "base";
		next = "new";
		/* Of two runs the names stand once, above; of arms there may be several pairs. */
		spelled_out = table->comparison->factor;
	}
	fputs(table->markdown ? "\n**" : "\n", table->out);
	if (spelled_out)
		fprintf(table->out, "%s against %s: ", table->section->next_name,
			table->section->base_name);
	fprintf(table->out, table->markdown ? "%s**\n\n" : "%s\n", title);
	table_put_line(table, (const char *const[]){label, base, next, change, ""});
	if (table->markdown)
		fputs("|:--|--:|--:|:--|:--|\n", table->out);
}

const struct compare_row *table_find_row(const struct compare_group *group, enum row_kind kind,
					 const char *metric)
{
	for (size_t i = 0; i < group->nr_rows; i++) {
		if (group->rows[i].kind == kind && !strcmp(group->rows[i].metric, metric))
			return &group->rows[i];
	}
	return NULL;
}

bool table_in_section(const struct table *table, const struct compare_group *group)
{
	return !strcmp(group->base_name, table->section->base_name) &&
	       !strcmp(group->next_name, table->section->next_name);
}

static bool known(const struct metrics *metrics, const char *name)
{
	for (size_t i = 0; i < metrics->nr; i++) {
		if (!strcmp(metrics->names[i], name))
			return true;
	}
	return false;
}

struct metrics table_metrics(const struct table *table, enum row_kind kind)
{
	const struct comparison *comparison = table->comparison;
	struct metrics metrics = {0};

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		for (size_t j = 0; table_in_section(table, group) && j < group->nr_rows; j++) {
			const char **bigger;

			if (group->rows[j].kind != kind || known(&metrics, group->rows[j].metric))
				continue;
			bigger = realloc(metrics.names, (metrics.nr + 1) * sizeof(*bigger));
			if (!bigger)
				return metrics;
			metrics.names = bigger;
			metrics.names[metrics.nr++] = group->rows[j].metric;
		}
	}
	return metrics;
}

bool table_judged(const struct table *table, enum row_kind kind, const char *metric)
{
	const struct comparison *comparison = table->comparison;

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_row *row =
			table_find_row(&comparison->groups[i], kind, metric);

		if (row && table_in_section(table, &comparison->groups[i]) &&
		    row->verdict != VERDICT_SHOWN)
			return true;
	}
	return false;
}

bool table_tells_nothing(const struct table *table, enum row_kind kind, const char *metric)
{
	const struct comparison *comparison = table->comparison;
	char change[128];

	if (kind != ROW_EXACT && kind != ROW_SAMPLES)
		return false;
	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_row *row =
			table_find_row(&comparison->groups[i], kind, metric);

		if (row && table_in_section(table, &comparison->groups[i]) &&
		    row->base != row->next &&
		    *compare_format_change(row, change, sizeof(change)) != '~')
			return false;
	}
	return true;
}
