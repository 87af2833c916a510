/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_history.h - the figure of a series over nights: values, levels, where they changed. */
#ifndef ANALYSIS_PLOT_HISTORY_H
#define ANALYSIS_PLOT_HISTORY_H

#include "history.h"
#include "plot.h"

/*
 * Add the figure's script and data to @figures and @directory; script_run() or plot_draw.h draws
 * it. 0, -ENODATA if there are fewer than two nights, or another -errno: can't write, no memory.
 */
int plot_history(const struct history_series *series, const char *directory,
		 struct figures *figures);

#endif /* ANALYSIS_PLOT_HISTORY_H */
