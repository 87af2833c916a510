/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_report.c - trimm report: a run as a page to read. */
#include "cli.h"
#include "report.h"
#include "results.h"

#include <stdio.h>
#include <stdlib.h>

struct arguments {
	const char *run, *output;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
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
	.options = (const struct argp_option[]){{"output", 'o', "DIR", 0,
						 "Folder for the page, instead of "
						 "RESULTS/report/RUN_ID",
						 0},
						{0}},
	.parser = parse,
	.args_doc = "[RUN]",
	.doc = "Write a run, the latest unless named, as a static web page with plots.\v"
	       "Prints the page's path. It needs no network and no server.\n\n"
	       "  trimm report\n"
	       "  trimm report 20261121T114720-3f9a --output /tmp/page",
	.children = (const struct argp_child[]){{.argp = &results_argp}, {0}},
};

int verb_report(int argc, char **argv)
{
	struct arguments arguments = {.run = "latest"};
	struct calibration *calibration;
	struct run_error error;
	struct run *run;
	char *directory;
	int code;

	cli_parse(&argp, argc, argv, &arguments);
	code = results_load(arguments.run, &run);
	if (code)
		return code;
	directory = arguments.output ? cli_format("%s", arguments.output)
				     : cli_format("%s/report/%s", results_directory(), run->run_id);
	calibration = results_calibration(run);
	if (report_write(run, calibration, directory, &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	} else {
		printf("%s/index.html\n", directory);
	}
	free(directory);
	calibration_free(calibration);
	run_free(run);
	return code;
}
