/* SPDX-License-Identifier: GPL-2.0-only */
/* top_table.c - see top_table.h. */
#include "top_table.h"
#include "trace_record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a column of numbers, the space before it included. */
#define COLUMN_WIDTH 10
#define NAME_LEAST   16

struct top_row *top_table_row(struct top_table *table, const char *name)
{
	struct top_row *row;

	for (size_t i = 0; i < table->n; i++)
		if (!strncmp(table->rows[i].name, name, TOP_NAME - 1))
			return &table->rows[i];
	if (table->n == table->room) {
		size_t room = table->room ? 2 * table->room : 16;

		row = reallocarray(table->rows, room, sizeof(*row));
		if (!row)
			return NULL;
		table->rows = row;
		table->room = room;
	}
	row = &table->rows[table->n++];
	*row = (struct top_row){.last = NAN};
	snprintf(row->name, sizeof(row->name), "%s", name);
	for (size_t i = 0; i < TOP_COLUMNS; i++)
		row->values[i] = NAN;
	return row;
}

void top_table_forget(struct top_table *table, size_t kept)
{
	for (size_t i = 0; i < table->n; i++)
		for (size_t j = 1; j < TOP_COLUMNS; j++)
			if (j != kept)
				table->rows[i].values[j] = NAN;
}

/* qsort_r() has no other way to say by which column. */
static int by_column(const void *a, const void *b, void *arg)
{
	const struct top_table *table = arg;
	const struct top_row *x = a, *y = b;
	double v = x->values[table->sort], w = y->values[table->sort];
	int order;

	if (table->sort && isnan(v) != isnan(w))
		return isnan(v) - isnan(w);
	order = table->sort && !isnan(v) ? (v < w) - (v > w) : 0;
	if (!order)
		order = strverscmp(x->name, y->name);
	return table->reversed ? -order : order;
}

void top_table_sort(struct top_table *table)
{
	if (table->n)
		qsort_r(table->rows, table->n, sizeof(*table->rows), by_column, table);
}

void top_table_free(struct top_table *table)
{
	free(table->rows);
	table->rows = NULL;
	table->n = table->room = 0;
}

/* As many columns as @width has room for. */
static size_t shown(const struct top_table *table, size_t width, size_t *name_width)
{
	size_t n = table->nr_columns;

	while (n > 1 && NAME_LEAST + (n - 1) * COLUMN_WIDTH > width)
		n--;
	*name_width = width - (n - 1) * COLUMN_WIDTH;
	return n;
}

static void add(char *line, size_t width, const char *text, int room)
{
	size_t length = strlen(line);

	snprintf(line + length, width + 1 - length, "%*.*s", room, abs(room), text);
}

void top_table_head(const struct top_table *table, char *line, size_t width)
{
	size_t name_width, n = shown(table, width, &name_width);
	char title[32];

	*line = '\0';
	for (size_t i = 0; i < n; i++) {
		/* The mark of the column it is sorted by. */
		snprintf(title, sizeof(title), "%s%s", table->columns[i].title,
			 i != table->sort  ? ""
			 : table->reversed ? "^"
					   : "*");
		add(line, width, title, i ? COLUMN_WIDTH : -(int)name_width);
	}
}

static const char *cell(const struct top_row *row, const struct top_column *column, double value,
			char *text, size_t size)
{
	if (isnan(value))
		return "-";
	if (column->form == TOP_TIME && !row->counted)
		return record_amount(value, "ns", text, size);
	if (column->form == TOP_PERCENT)
		snprintf(text, size, "%.1f", value);
	else if (value >= 1e10)
		snprintf(text, size, "%.2fG", value / 1e9);
	else if (value >= 1e7)
		snprintf(text, size, "%.2fM", value / 1e6);
	else if (value < 10 && value != floor(value))
		snprintf(text, size, "%.2f", value);
	else
		record_grouped(value, text);
	return text;
}

void top_table_line(const struct top_table *table, size_t row, char *line, size_t width)
{
	size_t name_width, n = shown(table, width, &name_width);
	const struct top_row *at = &table->rows[row];
	char text[40];

	*line = '\0';
	add(line, width, at->name, -(int)name_width);
	for (size_t i = 1; i < n; i++)
		add(line, width, cell(at, &table->columns[i], at->values[i], text, sizeof(text)),
		    COLUMN_WIDTH);
}
