/* SPDX-License-Identifier: GPL-2.0-only */
/* report_page.h - the parts of the pages of a run, or of two, in the order a reader meets them. */
#ifndef ANALYSIS_REPORT_PAGE_H
#define ANALYSIS_REPORT_PAGE_H

#include "calibration.h"
#include "changes.h"
#include "plot.h"

#define REPORT_FACTORS_MAX 8

struct report {
	const struct run *run, *base; /* base: NULL, or what run is compared with */
	const struct plot_cases *cases;
	const struct figures *figures;
	const struct calibration *calibration; /* of the run's machine; NULL: none */
	/* One for each factor the arms differ in; none if the run is incomplete. Of two runs:
	 * theirs. */
	size_t nr_comparisons;
	const struct comparison *comparisons[REPORT_FACTORS_MAX];
	struct changes changes;
	size_t nr_workloads;
	const char **workloads; /* that have a page, each once */
	FILE *out;		/* the page at hand */
};

/* Names of the raw files beside the pages: of the run, and of what it is compared with. */
#define REPORT_RAW	"run.ndjson"
#define REPORT_RAW_BASE "base.ndjson"

/* What the page is called: the run's id, or "B against A". In @buffer. */
const char *report_title(const struct report *report, char *buffer, size_t size);
void report_index(const struct report *report);
void report_workload(const struct report *report, const char *workload);

/* Sections of the index. */
void report_workloads(const struct report *report);
/* Only where the run has what is judged by one of them (shapes.def). */
void report_shapes(const struct report *report);
void report_harness(const struct report *report);
void report_environment(const struct report *report);
void report_availability(const struct report *report);
void report_notes(const struct report *report);

/* The same of any run, to any page. */
void report_outcomes(FILE *out, const struct run *run);
void report_facts(FILE *out, const struct run *run);
/* In what two runs' surroundings differ, then what is equal, folded away. */
void report_facts_differ(FILE *out, const struct run *base, const struct run *next);

/* Sections of a workload's page; its figures on the index: "". */
void report_figures(const struct report *report, const char *workload);
void report_comparison(const struct report *report, const struct comparison *comparison,
		       const char *workload);
/* Was something of it run with mode=exact? */
bool report_has_exact(const struct report *report, const char *workload);
void report_exact(const struct report *report, const char *workload);

/* What probes of a case saw, missed and cost; nothing where there were none. */
void report_probes(const struct report *report, const struct plot_case *at);

/* One figure, with how to read it, what measures it and what draws it again. */
void report_figure(FILE *out, const struct figure *figure);
/* The same small, as a way to it on @page ("": this one). */
void report_thumb(FILE *out, const char *page, const struct figure *figure);

/* The arm's name behind a square of its colour; of two runs, without one. */
void report_arm(const struct report *report, const char *name);

#endif /* ANALYSIS_REPORT_PAGE_H */
