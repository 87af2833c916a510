/* SPDX-License-Identifier: GPL-2.0-only */
/* measure.h - a whole run: every case of a plan, into one file. */
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

/* A run that is a part of more, and can be gone on with after it was stopped or killed. */
struct measure_part {
	const char *night;  /* of the `run` line: of which night */
	const char *resume; /* the file of its first part, which is gone on with; NULL: a new one */
	/* The run will have this id; its file is not there yet. False: don't. */
	bool (*begun)(void *arg, const char *run_id);
	void *arg;
};
/*
 * The same. Cases that are finished in @part->resume are not measured again; if that is of another
 * plan, or gone, it is a new run after all.
 */
int measure_part(const struct plan *plan, const struct measure_options *options,
		 const struct measure_part *part, char **path);

#endif /* CLI_MEASURE_H */
