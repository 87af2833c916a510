/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot.h - a run as figures, drawn by gnuplot.
 *
 * Which figures there are follows from what the run holds. Each is three files: NAME.svg,
 * NAME.dat and NAME.gp, the script that makes the first from the second again. Flame graphs are
 * drawn without gnuplot, and have no script.
 */
#ifndef ANALYSIS_PLOT_H
#define ANALYSIS_PLOT_H

#include "plot_cases.h"

#include <stdio.h>

struct figure {
	char name[160]; /* of its files */
	char title[512];
	const char *how;      /* how to read it, one or two sentences */
	const char *workload; /* borrowed from the run */
	char label[160];      /* of the one case it shows; "" if it spans several */
	char command[512];    /* measures it again; "" if that is not known */
	bool matters;	      /* something changed in its case: it is drawn before others */
	bool drawn;	      /* NAME.svg exists */
	bool left_out;	      /* not drawn, as one of too many */
	bool own;	      /* not by gnuplot: there is no NAME.gp, and it answers the pointer */
};

struct figures {
	size_t n;
	struct figure *list; /* by workload; figures that span cases first */
	char missing[256];   /* why some are not drawn, in one line; "" if all are */
};

/*
 * Write scripts and data of all figures of a run into @directory, which exists; plot_draw.h draws
 * them. -1 with @error set: can't write, no memory.
 */
int plot_run(const struct plot_cases *cases, const char *directory, struct figures *out,
	     struct run_error *error);
void plot_free(struct figures *figures);

/*
 * One plot in characters, at most 79 x 24: total time over a sweep, else latency by
 * percentile. 0; -ENODATA if the run holds neither; -ENOENT without gnuplot; or -EIO.
 */
int plot_terminal(const struct run *run, FILE *out);

#endif /* ANALYSIS_PLOT_H */
