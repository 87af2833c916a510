/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_bisect.h - what a bisection measured, along the commits, as a figure. */
#ifndef ANALYSIS_PLOT_BISECT_H
#define ANALYSIS_PLOT_BISECT_H

#include "bisect_rules.h"

/*
 * Draw @directory/ID.svg, its script and data beside it. 0; -ENODATA if fewer than two commits have
 * a value; -ENOENT without gnuplot, the others are there then; or another -errno.
 */
int plot_bisect(const struct bisection *bisection, const char *directory);

#endif /* ANALYSIS_PLOT_BISECT_H */
