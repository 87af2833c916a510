/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot_draw.h - scripts into figures, as many gnuplots at once as there are CPUs.
 *
 * A figure takes a gnuplot of its own, 30 ms: of a run with hundreds of cases not all are drawn,
 * but all can be, since scripts and data are there.
 */
#ifndef ANALYSIS_PLOT_DRAW_H
#define ANALYSIS_PLOT_DRAW_H

#include "plot.h"

/* More: reports of large runs take longer, 15 ms and 60 KiB a figure on two CPUs. */
#define PLOT_DRAWN_MAX 400

/* A new one at the end, empty; NULL: no memory. Earlier ones move. */
struct figure *figures_add(struct figures *figures);
/*
 * Draw those that span cases, then those that matter, then others, @most together; ->drawn,
 * ->left_out and ->missing say what became of them. A missing gnuplot is no error.
 */
void figures_draw(struct figures *figures, const char *directory, size_t most);

#endif /* ANALYSIS_PLOT_DRAW_H */
