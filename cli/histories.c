/* SPDX-License-Identifier: GPL-2.0-only */
/* histories.c - see histories.h. */
#include "histories.h"
#include "acceptance.h"
#include "cli.h"
#include "results.h"

/* A night that cannot be read is told of, and left out. */
static void problem(void *arg, const struct run_error *error)
{
	(void)arg;
	cli_error("%s", error->text);
}

int histories_load(struct history_options options, const struct acceptance *acceptance,
		   struct history **history)
{
	struct store *store = NULL;
	struct run_error error;
	size_t count;
	int err;

	options.accepted = acceptance->accepted;
	options.commits = &acceptance->commits;
	err = store_open(results_directory(), &store, &error) ||
	      store_import_nights(store, &count, problem, NULL, &error) ||
	      history_load(store, &options, history, &error);
	if (err)
		cli_error("%s", error.text);
	store_close(store);
	return err ? TRIMM_FAILED : 0;
}
