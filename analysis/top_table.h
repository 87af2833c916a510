/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * top_table.h - a table of `trimm top`: named rows of numbers, sorted by one column. Drawing it is
 * others' work; lines of text come from here, for terminals and files alike.
 */
#ifndef ANALYSIS_TOP_TABLE_H
#define ANALYSIS_TOP_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#define TOP_NAME    64
#define TOP_COLUMNS 6 /* the name is the first */

enum top_form { TOP_COUNT, TOP_TIME, TOP_PERCENT };

struct top_column {
	const char *title;
	enum top_form form; /* TOP_TIME: of ns; rows whose unit is another show it as a count */
};

struct top_row {
	char name[TOP_NAME];
	double values[TOP_COLUMNS]; /* [0] is not used; NAN: unknown */
	double last;		    /* the source's own sum, as it last was; NAN: not yet */
	bool counted;		    /* not of time: TOP_TIME columns are counts */
};

struct top_table {
	const char *title;
	struct top_column columns[TOP_COLUMNS];
	size_t nr_columns, n, room;
	struct top_row *rows;
	size_t sort; /* column; 0: the name, from A on; others: the greatest first */
	bool reversed;
};

/* The row of that name, made if it is new, all unknown; NULL: no memory. Moved by later ones. */
struct top_row *top_table_row(struct top_table *table, const char *name);
/* Unknown again, all but column @kept (0: none); names stay, so that rows don't come and go. */
void top_table_forget(struct top_table *table, size_t kept);
/* By its column; unknown comes last, and equals by name. */
void top_table_sort(struct top_table *table);
void top_table_free(struct top_table *table);

/* A line of at most @width columns, ended by 0, without newline; @line has room for @width + 1. */
void top_table_head(const struct top_table *table, char *line, size_t width);
void top_table_line(const struct top_table *table, size_t row, char *line, size_t width);

#endif /* ANALYSIS_TOP_TABLE_H */
