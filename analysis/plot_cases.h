/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_cases.h - a run as figures see it: cases with their arms, and sweeps over cases.
 */
#ifndef ANALYSIS_PLOT_CASES_H
#define ANALYSIS_PLOT_CASES_H

#include "run.h"

/* Arms in one figure; more could not be told apart. */
#define PLOT_ARMS_MAX 8

struct plot_case {
	const char *workload;
	char label[160]; /* parameters that vary within the workload: "nr_pages=1 cpus=2" */
	size_t nr_arms;
	const struct bench *arm[PLOT_ARMS_MAX];
};

/* Cases of one workload that differ in one number (and what follows from it). */
struct plot_sweep {
	const char *workload;
	char param[64];	 /* "nr_pages" */
	char label[160]; /* what the other parameters are, where they vary: "cpus=2" */
	size_t n;
	struct plot_point {
		double x;
		const struct plot_case *at;
	} * points; /* by rising x */
};

struct plot_cases {
	const struct run *run;
	size_t nr_cases, nr_sweeps, nr_names;
	struct plot_case *cases;   /* in file order; only those with data, `null` left out */
	struct plot_sweep *sweeps; /* of at least two points each */
	char (*names)[64];	   /* of all arms, in file order */
	unsigned int *colours;	   /* of each name; those of one case differ */
};

/* 0 or -ENOMEM. */
int plot_cases_read(const struct run *run, struct plot_cases *cases);
void plot_cases_free(struct plot_cases *cases);

/* "lazy" for an arm "flush=lazy"; where an arm stands alone, its flush policy. In @buffer. */
const char *plot_arm_name(const struct bench *bench, char *buffer, size_t size);
/* 0xRRGGBB, the same for a name in every figure and table of the run; unknown: grey. */
unsigned int plot_arm_colour(const struct plot_cases *cases, const char *name);

#endif /* ANALYSIS_PLOT_CASES_H */
