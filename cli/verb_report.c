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
	bool eras, history;
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
	case 'e':
		arguments->eras = true;
		return 0;
	case 'H':
		arguments->history = true;
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
						{"eras", 'e', NULL, 0,
						 "Linux's vmalloc and slab from 2.6.21 to 6.18 on "
						 "this machine; without a RUN they are measured "
						 "first (2 minutes)",
						 0},
						{"history", 'H', NULL, 0,
						 "What all nights say of each series", 0},
						{"figures", 'f', "N", 0,
						 "Draw at most so many (400); scripts and data of "
						 "all are written",
						 0},
						{0}},
	.parser = parse,
	.args_doc = "[RUN [RUN_B]]\n--night NIGHT\n--history\n--eras [RUN]",
	.doc = "Write a run (the latest unless named), two beside each other, or a night as static "
	       "web pages "
	       "with plots.\v"
	       "Prints the first page's path. The pages need no network, no server and no "
	       "script.\n\n"
	       "  trimm report\n"
	       "  trimm report 20261121T114720-3f9a --output /tmp/page\n"
	       "  trimm report 20261121T114720-3f9a latest\n"
	       "  trimm report --night latest\n"
	       "  trimm report --history\n"
	       "  trimm report --eras",
	.children = (const struct argp_child[]){{.argp = &results_argp}, {0}},
};

/* One line for words that don't go together, or NULL. */
static const char *misfit(const struct arguments *arguments)
{
	if (!!arguments->night + arguments->eras + arguments->history > 1)
		return "--night, --history or --eras: one at a time";
	if (arguments->history && arguments->runs.n)
		return "--history takes no run; it is about all nights";
	if (arguments->night && arguments->runs.n)
		return "--night takes no run; a night names its own";
	if (arguments->eras && arguments->runs.n > 1)
		return "--eras takes one run at most";
	return NULL;
}

int verb_report(int argc, char **argv)
{
	struct arguments arguments = {.options = REPORT_DEFAULTS};
	char **command = cli_command("report", argc, argv);
	const char *wrong, *first;
	int code;

	cli_parse(&argp, argc, argv, &arguments);
	wrong = misfit(&arguments);
	first = arguments.runs.n ? arguments.runs.item[0] : NULL;
	if (wrong) {
		cli_error("report: %s", wrong);
		code = TRIMM_USAGE;
	} else if (arguments.night) {
		code = reports_night(arguments.night, &arguments.options, arguments.output);
	} else if (arguments.history) {
		code = reports_history(&arguments.options, arguments.output);
	} else if (arguments.eras) {
		code = reports_eras(first, command, &arguments.options, arguments.output);
	} else if (arguments.runs.n == 2) {
		code = reports_pair(first, arguments.runs.item[1], &arguments.options,
				    arguments.output);
	} else {
		code = reports_run(first, &arguments.options, arguments.output);
	}
	list_free(&arguments.runs);
	free(command);
	return code;
}
