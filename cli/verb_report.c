/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_report.c - trimm report: what was measured as pages to read. */
#include "cli.h"
#include "list.h"
#include "reports.h"
#include "results.h"

#include <stdlib.h>

struct arguments {
	struct list runs;
	const char *output, *night;
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
	case 'n':
		arguments->night = arg;
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
						{"night", 'n', "NIGHT", 0,
						 "What a nightly found: an id, the beginning of "
						 "one, `latest`, or a path",
						 0},
						{"figures", 'f', "N", 0,
						 "Draw at most so many (400); scripts and data of "
						 "all are written",
						 0},
						{0}},
	.parser = parse,
	.args_doc = "[RUN [RUN_B]]\n--night NIGHT",
	.doc = "Write a run (the latest unless named), two beside each other, or a night as static "
	       "web pages "
	       "with plots.\v"
	       "Prints the first page's path. The pages need no network, no server and no "
	       "script.\n\n"
	       "  trimm report\n"
	       "  trimm report 20261121T114720-3f9a --output /tmp/page\n"
	       "  trimm report 20261121T114720-3f9a latest\n"
	       "  trimm report --night latest",
	.children = (const struct argp_child[]){{.argp = &results_argp}, {0}},
};

/* One line for words that don't go together, or NULL. */
static const char *misfit(const struct arguments *arguments)
{
	if (arguments->night && arguments->runs.n)
		return "--night takes no run; a night names its own";
	return NULL;
}

int verb_report(int argc, char **argv)
{
	struct arguments arguments = {.options = REPORT_DEFAULTS};
	const char *wrong;
	int code;

	cli_parse(&argp, argc, argv, &arguments);
	wrong = misfit(&arguments);
	if (wrong) {
		cli_error("report: %s", wrong);
		code = TRIMM_USAGE;
	} else if (arguments.night) {
		code = reports_night(arguments.night, &arguments.options, arguments.output);
	} else if (arguments.runs.n == 2) {
		code = reports_pair(arguments.runs.item[0], arguments.runs.item[1],
				    &arguments.options, arguments.output);
	} else {
		code = reports_run(arguments.runs.n ? arguments.runs.item[0] : NULL,
				   &arguments.options, arguments.output);
	}
	list_free(&arguments.runs);
	return code;
}
