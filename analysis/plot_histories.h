/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_histories.h - the histories of a workload's series as small figures side by side. */
#ifndef ANALYSIS_PLOT_HISTORIES_H
#define ANALYSIS_PLOT_HISTORIES_H

#include "history.h"
#include "plot.h"

/* Series in one figure; the rest, those that changed least beside their noise, is left out. */
#define HISTORY_PANELS_MAX 24

/*
 * Add two figures of @workload to @figures, scripts and data to @directory: time, and counts that
 * changed. 0 (also if there is nothing of either), or -errno: can't write, no memory.
 */
int plot_histories(const struct history *history, const char *workload, const char *directory,
		   struct figures *figures);

#endif /* ANALYSIS_PLOT_HISTORIES_H */
