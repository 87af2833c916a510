/* SPDX-License-Identifier: GPL-2.0-only */
/* nightly_output.c - what a night found, to files and to the command that wants to know. */
#include "cli.h"
#include "night_print.h"
#include "nightly.h"
#include "program.h"
#include "reports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void print_fn(const struct night *night, FILE *out);

static int print_to(const struct night *night, const char *path, print_fn *print)
{
	FILE *out;
	bool failed;

	if (!path)
		return 0;
	out = fopen(path, "we");
	if (out)
		print(night, out);
	failed = !out || ferror(out);
	if (out && fclose(out))
		failed = true;
	if (failed)
		cli_error("%s: %m", path);
	return failed ? TRIMM_FAILED : 0;
}

static int copy_night(const struct night *night, const char *path)
{
	struct run_error error;

	if (!path || !night_save(night, path, &error))
		return 0;
	cli_error("%s", error.text);
	return TRIMM_FAILED;
}

/*
 * By a shell, so that it may be more than one word. Its own code says nothing of the night, and
 * changes nothing of it.
 */
static int call(const struct night *night, const char *command)
{
	char *line, *path;
	struct program program = {.out = STDERR_FILENO, .err = STDERR_FILENO, .stoppable = true};
	int code;

	if (!command)
		return 0;
	line = cli_format("%s \"$0\"", command);
	path = realpath(night->path, NULL);
	program.in = path;
	code = program_run((char *[]){"/bin/sh", "-c", line, path, NULL}, &program);
	free(path);
	free(line);
	if (code == PROGRAM_STOPPED)
		cli_error("--on-verdict: stopped");
	else if (code)
		cli_error("--on-verdict %s: failed with code %d", command, code);
	return code ? TRIMM_FAILED : 0;
}

int nightly_tell(struct nightly *nightly)
{
	const struct nightly_options *options = nightly->options;
	const struct report_options report = REPORT_DEFAULTS;
	const struct night *night = nightly->night;
	int failed = 0;

	failed |= print_to(night, options->junit, night_print_junit);
	failed |= print_to(night, options->markdown, night_print_markdown);
	failed |= copy_night(night, options->output);
	if (!options->no_report && night->nr_cases)
		failed |= reports_night(night->path, &report, NULL);
	failed |= call(night, options->on_verdict);
	night_print_text(night, stdout);
	return failed ? TRIMM_FAILED : 0;
}
