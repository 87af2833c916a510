/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_panels.h - figures of several panels above each other, one for each thing counted. */
#ifndef ANALYSIS_PLOT_PANELS_H
#define ANALYSIS_PLOT_PANELS_H

#include "plot_figures.h"

/* Values that span more than this are told apart on a logarithmic scale only. */
#define PANEL_WIDE 16

/* A panel of a figure: what it shows, and the range of it. */
struct panel {
	const char *name;  /* of the counter, histogram or samples */
	const char *label; /* of the axis */
	/* Counts of accesses that miss: a few of 1,000 that do are as good as none. */
	bool few_are_none;
	bool relative; /* shown as multiples of the first arm's */
	double least, most;
};

bool panel_is_wide(const struct panel *panel);
/* Widen its range to @value; NAN changes nothing. */
void panel_take(struct panel *panel, double value);
/* panels, axis[] and wide[] of the script; a figure as high as they need. @first: an arm. */
void panels_put(struct script *script, const struct panel *panels, size_t n, const char *first);

/*
 * Open the files of a figure of one case: @kind and @metric are parts of their name, @what and
 * @n, how many of it there are, of the title. 0 or -errno.
 */
int case_open(struct script *script, const struct plot_target *target, const struct plot_case *at,
	      const char *kind, const char *metric, const char *what, uint64_t n,
	      struct figure *figure);

#endif /* ANALYSIS_PLOT_PANELS_H */
