/* SPDX-License-Identifier: GPL-2.0-only */
/* report_night.h - the parts of a night's pages. */
#ifndef ANALYSIS_REPORT_NIGHT_H
#define ANALYSIS_REPORT_NIGHT_H

#include "changes.h"
#include "night.h"
#include "plot.h"

/* What of a night's pages is the same on all of them. */
struct night_report {
	const struct night *night;
	struct run *const *runs; /* those of its runs that could be read */
	size_t nr_runs;
	struct changes changes;
	struct figures figures;
	size_t nr_workloads;
	const char **workloads; /* each once */
	FILE *out;		/* the page at hand */
};

void night_index(const struct night_report *report);
void night_workload(const struct night_report *report, const char *workload);

/* A row as of a comparison: head against reference, what of it was counted or timed. */
struct compare_row night_counter_row(const struct night_counter *counter);
struct compare_row night_time_row(const struct night_time *time);
/* "good", "bad", "unclear" or "none": the colour of a case's verdict. */
const char *night_tag(const struct night_case *item);
/* One figure of the workload ("": of all cases). */
void night_figures(const struct night_report *report, const char *workload);

#endif /* ANALYSIS_REPORT_NIGHT_H */
