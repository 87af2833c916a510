/* SPDX-License-Identifier: GPL-2.0-only */
/* acceptance.h - the accepted changes of the results folder, and a repository that knows order. */
#ifndef CLI_ACCEPTANCE_H
#define CLI_ACCEPTANCE_H

#include "accepted.h"

struct acceptance {
	struct accepted *accepted;
	struct accepted_commits commits; /* holds: NULL without a repository */
	char *repo;
};

/*
 * Read the file `accepted` of results_directory(). @repo: any folder of the repository that knows
 * which commit comes before which; where it knows nothing of one, or is none, a commit is known by
 * its name alone. 0, or TRIMM_FAILED after one line, FILE:LINE.
 */
int acceptance_load(struct acceptance *acceptance, const char *repo);
void acceptance_free(struct acceptance *acceptance);

#endif /* CLI_ACCEPTANCE_H */
