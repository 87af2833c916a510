/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_figures.h - one function a figure: fill in @figure and write its script and data.
 *
 * 0; -ENODATA if the case or sweep holds nothing to show; another -errno: can't write.
 */
#ifndef ANALYSIS_PLOT_FIGURES_H
#define ANALYSIS_PLOT_FIGURES_H

#include "plot_script.h"

/* Where figures go; tty: drawn in characters on gnuplot's stdout. */
struct plot_target {
	const struct plot_cases *cases;
	const char *directory;
	bool tty;
};

/* Of all arms of a case, for one metric ("alloc", "free"). */
int plot_spectrum(const struct plot_target *target, const struct plot_case *at, const char *metric,
		  struct figure *figure);
int plot_histogram(const struct plot_target *target, const struct plot_case *at, const char *metric,
		   struct figure *figure);
int plot_heatmap(const struct plot_target *target, const struct plot_case *at, const char *metric,
		 struct figure *figure);
/* Of a worker that only watches its own time, with the other ones busy and idle. */
int plot_stalls(const struct plot_target *target, const struct plot_case *at,
		struct figure *figure);
/* What the workload followed over its iterations. */
int plot_series(const struct plot_target *target, const struct plot_case *at,
		struct figure *figure);
/* What single operations of @metric took: instructions, modelled misses and walk steps. */
int plot_costs(const struct plot_target *target, const struct plot_case *at, const char *metric,
	       struct figure *figure);
/* How long flushes took, by the CPUs they interrupted. */
int plot_shootdown(const struct plot_target *target, const struct plot_case *at,
		   struct figure *figure);

/* What probes saw of a case; nothing where it was not traced. */
/* Interrupts from CPU to CPU; @kind: how their kinds begin ("call", "reschedule"). */
int plot_ipi(const struct plot_target *target, const struct plot_case *at, const char *kind,
	     struct figure *figure);
/* What took time, beside how long operations of @metric took. */
int plot_causes(const struct plot_target *target, const struct plot_case *at, const char *metric,
		struct figure *figure);
/* Purges as single events told of them. */
int plot_purges(const struct plot_target *target, const struct plot_case *at,
		struct figure *figure);
/* Stacks of the @n-th probe that has any, the second arm against the first. */
int plot_flame(const struct plot_target *target, const struct plot_case *at, size_t n,
	       struct figure *figure);
/* All histograms of probes, small. */
int plot_probes(const struct plot_target *target, const struct plot_case *at,
		struct figure *figure);

/* Of an exact run: instructions, misses, walk steps and shootdowns per operation. */
int plot_counted(const struct plot_target *target, const struct plot_sweep *sweep,
		 struct figure *figure);
int plot_crossover(const struct plot_target *target, const struct plot_sweep *sweep,
		   struct figure *figure);
/* Time per operation of each arm; and what its requests hold, where that was measured. */
int plot_cost(const struct plot_target *target, const struct plot_sweep *sweep,
	      struct figure *figure);
int plot_held(const struct plot_target *target, const struct plot_sweep *sweep,
	      struct figure *figure);
int plot_tradeoff(const struct plot_target *target, const struct plot_sweep *sweep,
		  struct figure *figure);
/* Over thresholds of lazy flushing, which are the sweep's number, or the case's arms. */
int plot_threshold_sweep(const struct plot_target *target, const struct plot_sweep *sweep,
			 struct figure *figure);
int plot_threshold_arms(const struct plot_target *target, const struct plot_case *at,
			struct figure *figure);
/* The grid of cases that begins with @at: threshold x pages x CPUs. */
int plot_map(const struct plot_target *target, const struct plot_case *at, struct figure *figure);
int plot_scaling(const struct plot_target *target, const struct plot_sweep *sweep,
		 struct figure *figure);

#endif /* ANALYSIS_PLOT_FIGURES_H */
