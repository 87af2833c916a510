/* SPDX-License-Identifier: GPL-2.0-only */
/* report_page.h - the parts of a report's page, in the order a reader meets them. */
#ifndef ANALYSIS_REPORT_PAGE_H
#define ANALYSIS_REPORT_PAGE_H

#include "calibration.h"
#include "compare.h"
#include "plot.h"

#define REPORT_FACTORS_MAX 8

struct report {
	const struct run *run;
	const struct plot_cases *cases;
	const struct figures *figures;
	const struct calibration *calibration; /* of the run's machine; NULL: none */
	/* One for each factor the arms differ in; none if the run is incomplete. */
	size_t nr_comparisons;
	struct comparison *comparisons[REPORT_FACTORS_MAX];
	const char *raw; /* file name of the records beside the page */
	FILE *out;
};

void report_page(const struct report *report);

/* Its sections. */
void report_figures(const struct report *report);
void report_comparison(const struct report *report, const struct comparison *comparison);
/* Only where something was run with mode=exact. */
void report_exact(const struct report *report);
/* Only where the run has what is judged by one of them (shapes.def). */
void report_shapes(const struct report *report);
void report_harness(const struct report *report);
void report_environment(const struct report *report);
void report_availability(const struct report *report);
void report_notes(const struct report *report);

/* What probes of a case saw, missed and cost; nothing where there were none. */
void report_probes(const struct report *report, const struct plot_case *at);

/* The arm's name behind a square of its colour. */
void report_arm(const struct report *report, const char *name);

#endif /* ANALYSIS_REPORT_PAGE_H */
