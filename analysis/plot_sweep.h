/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_sweep.h - what figures over a swept number share; private to plot_sweep.c, plot_cost.c. */
#ifndef ANALYSIS_PLOT_SWEEP_H
#define ANALYSIS_PLOT_SWEEP_H

#include "plot_figures.h"

/* Of each point by itself; the verdicts below the figures hold for all of them at once. */
#define SWEEP_CONFIDENCE 0.95

/* Open the files of a figure called @kind, titled @what. 0 or -errno. */
int sweep_open(struct script *script, const struct plot_target *target,
	       const struct plot_sweep *sweep, const char *kind, const char *what,
	       struct figure *figure);
/* The threshold of lazy flushing that tells all arms of a case apart, or NULL. */
const char *plot_threshold_param(const struct plot_case *at);
/* How many arms all points have alike, so that lines can join them; 0: they differ. */
size_t sweep_arms(const struct plot_sweep *sweep);
/* May the swept number stand on a logarithmic scale? */
bool sweep_is_logarithmic(const struct plot_sweep *sweep);

#endif /* ANALYSIS_PLOT_SWEEP_H */
