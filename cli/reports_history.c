/* SPDX-License-Identifier: GPL-2.0-only */
/* reports_history.c - trimm report --history: what all nights of this machine say together. */
#include "cli.h"
#include "git.h"
#include "history.h"
#include "reports.h"
#include "results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void problem(void *arg, const struct run_error *error)
{
	(void)arg;
	cli_error("%s", error->text);
}

/* What git does not know of, as of a repository elsewhere, has itself alone. */
static bool holds(void *arg, const char *commit, const char *head)
{
	struct run_error error;
	bool is;

	if (git_is_ancestor(arg, commit, head, &is, &error))
		return !strncmp(commit, head, strlen(commit));
	return is;
}

static int load(const struct accepted *accepted, struct history **history, struct run_error *error)
{
	struct history_options options = HISTORY_DEFAULTS;
	struct accepted_commits commits = {.holds = holds};
	struct run_error ignored;
	struct store *store = NULL;
	char *repo = NULL;
	size_t count;
	int err;

	if (accepted->nr && !git_open(".", &repo, &ignored)) {
		commits.arg = repo;
		options.commits = &commits;
	}
	options.accepted = accepted;
	err = store_open(results_directory(), &store, error) ||
	      store_import_nights(store, &count, problem, NULL, error) ||
	      history_load(store, &options, history, error);
	store_close(store);
	free(repo);
	return err;
}

int reports_history(const struct report_options *options, const char *output)
{
	char *path = cli_format("%s/accepted", results_directory()), *directory;
	struct accepted *accepted = NULL;
	struct history *history = NULL;
	struct run_error error;
	int err = accepted_load(path, &accepted, &error);

	free(path);
	if (!err)
		err = load(accepted, &history, &error);
	directory = output ? cli_format("%s", output)
			   : cli_format("%s/report/history", results_directory());
	if (!err)
		err = report_write_history(history, options, directory, &error);
	if (err)
		cli_error("%s", error.text);
	else
		printf("%s/index.html\n", directory);
	free(directory);
	if (history)
		history_free(history);
	if (accepted)
		accepted_free(accepted);
	return err ? TRIMM_FAILED : TRIMM_FINE;
}
