/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_report.c - trimm report: what was measured as pages to read. */
#include "cli.h"
#include "list.h"
#include "report.h"
#include "results.h"

#include <stdio.h>
#include <stdlib.h>

struct arguments {
	struct list runs;
	const char *output;
	struct report_options options;
};

static size_t parse_figures(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text >= '0' && *text <= '9' && !*end && n <= 1000000)
		return n;
	cli_error("--figures %s: give a number, 0 to 1000000", text);
	exit(TRIMM_USAGE);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'o':
		arguments->output = arg;
		return 0;
	case 'f':
		arguments->options.figures = parse_figures(arg);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 1)
			argp_error(state, "%s: two runs at most", arg);
		list_add(&arguments->runs, "%s", arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = (const struct argp_option[]){{"output", 'o', "DIR", 0,
						 "Folder for the pages, instead of one in "
						 "RESULTS/report",
						 0},
						{"figures", 'f', "N", 0,
						 "Draw at most so many (400); scripts and data of "
						 "all are written",
						 0},
						{0}},
	.parser = parse,
	.args_doc = "[RUN [RUN_B]]",
	.doc = "Write a run, the latest unless named, or two beside each other as static web pages "
	       "with plots.\v"
	       "Prints the first page's path. The pages need no network, no server and no "
	       "script.\n\n"
	       "  trimm report\n"
	       "  trimm report 20261121T114720-3f9a --output /tmp/page\n"
	       "  trimm report 20261121T114720-3f9a latest",
	.children = (const struct argp_child[]){{.argp = &results_argp}, {0}},
};

static int done(int failed, const char *directory, const struct run_error *error)
{
	if (failed) {
		cli_error("%s", error->text);
		return TRIMM_FAILED;
	}
	printf("%s/index.html\n", directory);
	return TRIMM_FINE;
}

static int report_run(const struct arguments *arguments, const struct run *run)
{
	struct calibration *calibration = results_calibration(run);
	char *directory = arguments->output
				  ? cli_format("%s", arguments->output)
				  : cli_format("%s/report/%s", results_directory(), run->run_id);
	struct run_error error;
	int code = done(report_write(run, calibration, &arguments->options, directory, &error),
			directory, &error);

	free(directory);
	calibration_free(calibration);
	return code;
}

static int report_pair(const struct arguments *arguments, const struct run *base,
		       const struct run *next)
{
	struct compare_options options = COMPARE_DEFAULTS;
	struct comparison *comparison;
	struct run_error error;
	int code = compare_runs(base, next, NULL, &options, &comparison, &error);
	char *directory;

	if (code) {
		cli_error("%s", error.text);
		return code > 0 ? TRIMM_UNCLEAR : TRIMM_FAILED;
	}
	directory = arguments->output ? cli_format("%s", arguments->output)
				      : cli_format("%s/report/%s-against-%s", results_directory(),
						   next->run_id, base->run_id);
	code = done(
		report_write_pair(base, next, comparison, &arguments->options, directory, &error),
		directory, &error);
	free(directory);
	comparison_free(comparison);
	return code;
}

int verb_report(int argc, char **argv)
{
	struct arguments arguments = {.options = REPORT_DEFAULTS};
	struct run *runs[2] = {NULL, NULL};
	int code = 0;

	cli_parse(&argp, argc, argv, &arguments);
	if (!arguments.runs.n)
		list_add(&arguments.runs, "latest");
	for (size_t i = 0; i < arguments.runs.n && !code; i++)
		code = results_load(arguments.runs.item[i], &runs[i]);
	if (!code)
		code = runs[1] ? report_pair(&arguments, runs[0], runs[1])
			       : report_run(&arguments, runs[0]);
	for (int i = 0; i < 2; i++)
		if (runs[i])
			run_free(runs[i]);
	list_free(&arguments.runs);
	return code;
}
