/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reports.h - what trimm report writes: each finds what it is about, writes the pages and prints
 * where they are.
 *
 * Each returns an exit code, after one line if it is not TRIMM_FINE. @output: the folder; NULL: one
 * of its own in RESULTS/report.
 */
#ifndef CLI_REPORTS_H
#define CLI_REPORTS_H

#include "report.h"

/* NULL: the latest. */
int reports_run(const char *run, const struct report_options *options, const char *output);
int reports_pair(const char *base, const char *next, const struct report_options *options,
		 const char *output);
/* A night's id, the beginning of one, "latest", or a path. */
int reports_night(const char *night, const struct report_options *options, const char *output);
/* Of a run that has eras; NULL: suite eras is measured first, @command being what asked for it. */
int reports_eras(const char *run, char *const *command, const struct report_options *options,
		 const char *output);
int reports_history(const struct report_options *options, const char *output);

#endif /* CLI_REPORTS_H */
