/* SPDX-License-Identifier: GPL-2.0-only */
/* report_history.h - the pages of a history. */
#ifndef ANALYSIS_REPORT_HISTORY_H
#define ANALYSIS_REPORT_HISTORY_H

#include "history.h"
#include "plot.h"

/* What of them is the same on all. */
struct history_report {
	const struct history *history;
	struct figures figures;
	size_t nr_workloads;
	const char **workloads;
	FILE *out; /* the page at hand */
};

void history_index(const struct history_report *report);
void history_workload(const struct history_report *report, const char *workload);

#endif /* ANALYSIS_REPORT_HISTORY_H */
