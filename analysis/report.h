/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report.h - what was measured as static HTML pages with figures, readable without a network.
 *
 * Each writes @directory/index.html, a page for each workload, figures with their data and
 * scripts, and the raw files; see report_place.h for what happens to what is there. 0, or -1 with
 * @error set.
 */
#ifndef ANALYSIS_REPORT_H
#define ANALYSIS_REPORT_H

#include "calibration.h"
#include "compare.h"
#include "history.h"

struct report_options {
	size_t figures; /* drawn at most; scripts and data of all are written (plot_draw.h) */
};
#define REPORT_DEFAULTS ((struct report_options){400})

/* A run; @calibration prices what an exact one counted, NULL: there is none. */
int report_write(const struct run *run, const struct calibration *calibration,
		 const struct report_options *options, const char *directory,
		 struct run_error *error);
/* Two runs, beside each other: @comparison is theirs. */
int report_write_pair(const struct run *base, const struct run *next,
		      const struct comparison *comparison, const struct report_options *options,
		      const char *directory, struct run_error *error);
/* A night; @runs: those of its runs that could be read. */
int report_write_night(const struct night *night, struct run *const *runs, size_t nr_runs,
		       const struct report_options *options, const char *directory,
		       struct run_error *error);
/* A run whose arms are eras of Linux. */
int report_write_eras(const struct run *run, const struct report_options *options,
		      const char *directory, struct run_error *error);
/* What nights on end say; there are no raw files, they are the nights' own. */
int report_write_history(const struct history *history, const struct report_options *options,
			 const char *directory, struct run_error *error);

#endif /* ANALYSIS_REPORT_H */
