/* SPDX-License-Identifier: GPL-2.0-only */
/* acceptance.c - see acceptance.h. */
#include "acceptance.h"
#include "cli.h"
#include "git.h"
#include "results.h"

#include <stdlib.h>
#include <string.h>

static bool holds(void *arg, const char *commit, const char *head)
{
	struct run_error error;
	bool is;

	if (git_is_ancestor(arg, commit, head, &is, &error))
		return !strncmp(commit, head, strlen(commit));
	return is;
}

int acceptance_load(struct acceptance *acceptance, const char *repo)
{
	char *path = cli_format("%s/accepted", results_directory());
	struct run_error error;
	int err;

	*acceptance = (struct acceptance){0};
	err = accepted_load(path, &acceptance->accepted, &error);
	if (err)
		cli_error("%s", error.text);
	/* git is asked only if there is something to ask. */
	else if (acceptance->accepted->nr && !git_open(repo, &acceptance->repo, &error))
		acceptance->commits = (struct accepted_commits){holds, acceptance->repo};
	free(path);
	return err ? TRIMM_FAILED : 0;
}

void acceptance_free(struct acceptance *acceptance)
{
	accepted_free(acceptance->accepted);
	free(acceptance->repo);
}
