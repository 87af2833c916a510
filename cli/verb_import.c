/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_import.c - trimm import: bring the index up to date with the files. */
#include "cli.h"
#include "list.h"
#include "results.h"

#include <stdio.h>

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct list *files = state->input;

	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	list_add(files, "%s", arg);
	return 0;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "[FILE...]",
	.doc = "Index run files: those named, or all of RESULTS/runs.\v"
	       "The files are the truth; the index, RESULTS/trimm.db, may be deleted at any time "
	       "and made again by this. Each file goes in whole or not at all.\n\n"
	       "  trimm import\n"
	       "  trimm import /mnt/other-machine/*.ndjson",
	.children = (const struct argp_child[]){{.argp = &results_argp}, {0}},
};

static int import_files(const struct list *files, size_t count[IMPORT_COUNT], size_t *problems)
{
	struct run_error error;
	struct store *store;

	if (store_open(results_directory(), &store, &error)) {
		cli_error("%s", error.text);
		return TRIMM_FAILED;
	}
	for (size_t i = 0; i < files->n; i++) {
		enum import_result result;

		if (store_import(store, files->item[i], &result, &error)) {
			cli_error("%s", error.text);
			(*problems)++;
		} else {
			count[result]++;
		}
	}
	store_close(store);
	return 0;
}

int verb_import(int argc, char **argv)
{
	size_t count[IMPORT_COUNT] = {0}, problems = 0;
	struct list files = {NULL, 0};
	struct store *store;
	int code;

	cli_parse(&argp, argc, argv, &files);
	if (files.n) {
		code = import_files(&files, count, &problems);
	} else {
		code = results_open(&store, false, count, &problems);
		if (!code)
			store_close(store);
	}
	list_free(&files);
	if (code)
		return code;
	printf("imported %zu new, %zu changed; %zu were there already, %zu unreadable\n",
	       count[IMPORT_NEW], count[IMPORT_REPLACED], count[IMPORT_UNCHANGED], problems);
	return problems ? TRIMM_FAILED : TRIMM_FINE;
}
