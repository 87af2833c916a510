/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nightly_accepted.c - of what a night found, what somebody looked at before and found right:
 * RESULTS/accepted (accepted.h). Only where the commit that is to blame for it is between the
 * reference and HEAD, which git is asked.
 */
#include "accepted.h"
#include "cli.h"
#include "nightly.h"
#include "results.h"

#include <stdlib.h>

/* A commit that git does not know is in no history. */
static bool holds(void *arg, const char *commit, const char *head)
{
	const struct nightly *nightly = arg;
	char whole[GIT_COMMIT_SIZE];
	struct run_error unheard;
	bool is = false;

	return !git_resolve(nightly->repo, commit, whole, &unheard) &&
	       !git_is_ancestor(nightly->repo, whole, head, &is, &unheard) && is;
}

int nightly_mark_accepted(struct nightly *nightly)
{
	const struct accepted_commits commits = {holds, nightly};
	char *path = cli_format("%s/accepted", results_directory());
	struct accepted *accepted;
	struct run_error error;
	int code = 0;

	if (accepted_load(path, &accepted, &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	} else {
		accepted_mark_night(accepted, &commits, nightly->night);
		accepted_free(accepted);
	}
	free(path);
	return code;
}
