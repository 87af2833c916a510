/* SPDX-License-Identifier: GPL-2.0-only */
/* compare_table.h - lines of a table for people; private to compare_*.c. */
#ifndef ANALYSIS_COMPARE_TABLE_H
#define ANALYSIS_COMPARE_TABLE_H

#include "compare_print.h"

struct table {
	const struct comparison *comparison;
	const struct compare_group *section; /* its first group: names the values compared */
	bool markdown, verbose;
	FILE *out;
};

/* Metrics of one kind, in order of appearance. */
struct metrics {
	const char **names;
	size_t nr;
};

/* Label, base, new, change, verdict. */
void table_put_line(const struct table *table, const char *const cell[5]);
/* A blank line, the title and the heads of the columns. */
void table_put_head(const struct table *table, const char *title, const char *label,
		    const char *change);

/* Does the group compare the two values of the present section? */
bool table_in_section(const struct table *table, const struct compare_group *group);
/* NULL: the group has none. */
const struct compare_row *table_find_row(const struct compare_group *group, enum row_kind kind,
					 const char *metric);
struct metrics table_metrics(const struct table *table, enum row_kind kind);
/* Is the metric judged in some case of the section? */
bool table_judged(const struct table *table, enum row_kind kind, const char *metric);
/* No row of it says anything: equal counts, or samples with no difference resolved. */
bool table_tells_nothing(const struct table *table, enum row_kind kind, const char *metric);

/* Instead of a table a metric: one line each, for the exact counters that are judged or the rest.
 */
void table_put_overview(const struct table *table, bool judged);

#endif /* ANALYSIS_COMPARE_TABLE_H */
