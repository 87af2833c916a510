/* SPDX-License-Identifier: GPL-2.0-only */
/* verdicts.c - see verdicts.h. */
#include "verdicts.h"
#include "cli.h"

#include <stdlib.h>

static int parse_format(struct verdicts *verdicts, const char *name)
{
	static const char *const names[] = {"text", "json", "csv", "markdown", "junit", NULL};
	int format = compare_format_from_name(name);

	if (format < 0) {
		cli_error_unknown("format", name, names, "trimm compare --help");
		return TRIMM_USAGE;
	}
	verdicts->format = format;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct verdicts *verdicts = state->input;

	switch (key) {
	case 'f':
		if (parse_format(verdicts, arg))
			exit(TRIMM_USAGE);
		return 0;
	case 't':
		if (cli_percent(arg, &verdicts->options.threshold))
			return 0;
		cli_error("--threshold %s: give a percentage, as in 2%%", arg);
		exit(TRIMM_USAGE);
	case 'v':
		verdicts->verbose = true;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

const struct argp verdicts_argp = {
	.options =
		(const struct argp_option[]){
			{"format", 'f', "FORMAT", 0,
			 "text (as it is without this), json, csv, markdown or junit", 0},
			{"threshold", 't', "PERCENT", 0,
			 "Change of time that matters, 2% unless given; never less than 3 times "
			 "the noise measured in the same run",
			 0},
			{"verbose", 'v', NULL, 0, "Equal counters one by one, and reasons", 0},
			{0}},
	.parser = parse,
};

int verdicts_print(const struct verdicts *verdicts, const struct comparison *comparison)
{
	compare_print(comparison, verdicts->format, verdicts->verbose, stdout);
	return compare_exit_code(comparison);
}
