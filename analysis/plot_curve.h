/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_curve.h - a machine's access curve as a figure. */
#ifndef ANALYSIS_PLOT_CURVE_H
#define ANALYSIS_PLOT_CURVE_H

#include "calibration.h"

/*
 * Draw @directory/FINGERPRINT.svg, its script and data beside it. 0; -ENODATA if there is no
 * curve; -ENOENT without gnuplot, the others are there then; or another -errno.
 */
int plot_curve(const struct calibration *calibration, const char *directory);

#endif /* ANALYSIS_PLOT_CURVE_H */
