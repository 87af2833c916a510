/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_validate.c - trimm validate: is a file what results/README.md says? */
#include "cli.h"
#include "list.h"
#include "run.h"

#include <stdio.h>
#include <string.h>

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct list *files = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		list_add(files, "%s", arg);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name a file");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "FILE...",
	.doc = "Check run files, line by line, against the schema of trimm/1.\v"
	       "Exit code 1 if one is damaged, or incomplete (its run was killed).\n\n"
	       "  trimm validate results/runs/*.ndjson",
};

static int validate(const char *path)
{
	struct run_error error;
	struct run *run;
	bool complete;

	if (run_load(path, &run, &error)) {
		cli_error("%s", error.text);
		return TRIMM_FAILED;
	}
	complete = strcmp(run->status, "incomplete");
	printf("%s: %s, run %s, %zu benches\n", path,
	       complete ? "valid" : "incomplete (no end line: readable, never compared)",
	       run->status, run->nr_benches);
	run_free(run);
	return complete ? TRIMM_FINE : TRIMM_FAILED;
}

int verb_validate(int argc, char **argv)
{
	struct list files = {NULL, 0};
	int code = TRIMM_FINE;

	cli_parse(&argp, argc, argv, &files);
	for (size_t i = 0; i < files.n; i++)
		if (validate(files.item[i]))
			code = TRIMM_FAILED;
	list_free(&files);
	return code;
}
