/* SPDX-License-Identifier: GPL-2.0-only */
/* report.h - a run as a static HTML page with its figures, readable without a network. */
#ifndef ANALYSIS_REPORT_H
#define ANALYSIS_REPORT_H

#include "calibration.h"
#include "run.h"

/*
 * Write @directory/index.html, its figures and a copy of the run's file. Parents are made.
 * An earlier report there is replaced whole, at the end: whoever is interrupted leaves the
 * old one or the new one. A directory that holds anything else is refused. 0, or -1 with
 * @error set. @calibration prices what an exact run counted; NULL: there is none.
 */
int report_write(const struct run *run, const struct calibration *calibration,
		 const char *directory, struct run_error *error);

#endif /* ANALYSIS_REPORT_H */
