/* SPDX-License-Identifier: GPL-2.0-only */
/* measure.h - a whole run: every case of a plan, into one new file. */
#ifndef CLI_MEASURE_H
#define CLI_MEASURE_H

#include "plan.h"

struct measure_options {
	const char *results;  /* folder */
	const char *reason;   /* of the `run` line */
	char *const *command; /* the same: as the user typed it, ended by NULL */
	bool quiet;	      /* no progress */
};

/*
 * Measure. *path gets the file, malloc()ed, or NULL if there is none. Returns TRIMM_FINE,
 * TRIMM_FAILED (a case failed or the user stopped it; the file says so), or TRIMM_SKIPPED.
 */
int measure(const struct plan *plan, const struct measure_options *options, char **path);

#endif /* CLI_MEASURE_H */
