/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_export.c - trimm export: a run for other programs. */
#include "cli.h"
#include "results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	const char *run, *output;
	enum export_format format;
};

static void parse_format(struct arguments *arguments, const char *name)
{
	static const char *const names[] = {"csv", "json", "pagealloc", NULL};

	if (!strcmp(name, "csv")) {
		arguments->format = EXPORT_CSV;
	} else if (!strcmp(name, "json")) {
		arguments->format = EXPORT_JSON;
	} else if (!strcmp(name, "pagealloc")) {
		arguments->format = EXPORT_PAGEALLOC;
	} else {
		cli_error_unknown("format", name, names, "trimm export --help");
		exit(TRIMM_USAGE);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'f':
		parse_format(arguments, arg);
		return 0;
	case 'o':
		arguments->output = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num)
			argp_error(state, "%s: one run at a time", arg);
		arguments->run = arg;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){{"format", 'f', "FORMAT", 0,
					      "csv (as it is without this), json or pagealloc", 0},
					     {"output", 'o', "FILE", 0,
					      "Into FILE, whole or not at all, instead of "
					      "standard output",
					      0},
					     {0}},
	.parser = parse,
	.args_doc = "[RUN]",
	.doc = "A run, the latest unless named, for other programs.\v"
	       "CSV: one line per counter and per sampled metric. JSON: an array of all "
	       "records. Pagealloc: what page-batch measured, as the table of mmtests' "
	       "pagealloc.\n\n"
	       "  trimm export latest --format csv --output run.csv\n"
	       "  trimm export --format pagealloc",
	.children = (const struct argp_child[]){{.argp = &results_argp}, {0}},
};

static int export_to_file(const struct run *run, const struct arguments *arguments)
{
	char *partial = cli_format("%s.partial", arguments->output);
	FILE *file = fopen(partial, "w");
	struct run_error error;
	int code = TRIMM_FAILED;

	if (!file) {
		cli_error("%s: %m", partial);
		goto out_free;
	}
	if (store_export(run, arguments->format, file, &error)) {
		cli_error("%s", error.text);
		fclose(file);
		goto out_unlink;
	}
	if (ferror(file) | fclose(file) || rename(partial, arguments->output)) {
		cli_error("%s: %m", arguments->output);
		goto out_unlink;
	}
	code = TRIMM_FINE;
	goto out_free;
out_unlink:
	unlink(partial);
out_free:
	free(partial);
	return code;
}

int verb_export(int argc, char **argv)
{
	struct arguments arguments = {.run = "latest", .format = EXPORT_CSV};
	struct run_error error;
	struct run *run;
	int code;

	cli_parse(&argp, argc, argv, &arguments);
	code = results_load(arguments.run, &run);
	if (code)
		return code;
	if (arguments.output) {
		code = export_to_file(run, &arguments);
	} else if (store_export(run, arguments.format, stdout, &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	}
	run_free(run);
	return code;
}
