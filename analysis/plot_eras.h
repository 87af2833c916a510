/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_eras.h - the two figures of a run whose arms are eras: by time, and by counts. */
#ifndef ANALYSIS_PLOT_ERAS_H
#define ANALYSIS_PLOT_ERAS_H

#include "plot.h"

/* The era an arm is, or "" if it is none. In @buffer. */
const char *era_of(const struct bench *bench, char *buffer, size_t size);

/*
 * Add what the run has of both to @figures, scripts and data to @directory. 0, -ENODATA if it has
 * no case whose arms are eras, or another -errno: can't write, no memory.
 */
int plot_eras(const struct plot_cases *cases, const char *directory, struct figures *figures);

#endif /* ANALYSIS_PLOT_ERAS_H */
