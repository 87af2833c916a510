/* SPDX-License-Identifier: GPL-2.0-only */
/* history_text.h - histories in characters, at most 80 a line, and as CSV and JSON. */
#ifndef ANALYSIS_HISTORY_TEXT_H
#define ANALYSIS_HISTORY_TEXT_H

#include "history.h"

#include <stdio.h>

/* What is shown of a history; detection has seen all of it. */
struct history_view {
	const struct history *history;
	const char *since; /* "2026-01-31", or the beginning of such; NULL: all nights */
	size_t nr;
	const struct history_series **series; /* in the order to be shown */
};

/* Is the night's time at or after @since? NULL: yes. */
bool history_is_since(const char *started, const char *since);

/* A line for each series: its change, noise, where it was. */
void history_print_list(const struct history_view *view, FILE *out);
/* Values over nights of one series, levels and changes marked. Nothing if there are no nights. */
void history_print_plot(const struct history_view *view, const struct history_series *series,
			FILE *out);
/* Each change with its range to bisect, and the command that does. */
void history_print_changes(const struct history_view *view, const struct history_series *series,
			   FILE *out);
/* "trimm: regressed 1, improved 0, accepted 0, unchanged 8": series by what stands of them. */
void history_print_summary(const struct history_view *view, FILE *out);

/* A row for each night of each series, changes in the rows of their first night. */
void history_print_csv(const struct history_view *view, FILE *out);
/* One array of series, each with its nights and changes. 0, or -1: no memory. */
int history_print_json(const struct history_view *view, FILE *out);

#endif /* ANALYSIS_HISTORY_TEXT_H */
