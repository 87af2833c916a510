/* SPDX-License-Identifier: GPL-2.0-only */
/* reports_eras.c - trimm report --eras: of a run that is there, or of suite eras, measured now. */
#include "cli.h"
#include "measure.h"
#include "reports.h"
#include "results.h"
#include "suite.h"
#include "targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int plan_suite(struct targets *targets, struct plan *plan)
{
	struct spec none = {.nr_params = 0}, spec;
	struct suite suite = {.nr_lines = 0};
	int code = suite_read(&suite, "eras");

	for (size_t i = 0; i < suite.nr_lines && !code; i++) {
		code = suite_spec(&suite.lines[i], &none, &spec);
		cli_set_where(suite.lines[i].where);
		if (!code)
			code = targets_plan(targets, &spec, plan);
		cli_set_where(NULL);
		spec_free(&spec);
	}
	suite_free(&suite);
	return code ? code : plan_check(plan);
}

static int measure_eras(char *const *command, char **path)
{
	struct measure_options options = {
		.results = results_directory(), .reason = "run", .command = command};
	struct targets targets = {NULL};
	struct plan plan = {.nr_cases = 0};
	int code = plan_suite(&targets, &plan);

	*path = NULL;
	if (!code)
		code = measure(&plan, &options, path);
	/* What failed or could not be run says so in the file; the rest is a history all the same.
	 */
	if (*path && !results_add(*path))
		code = TRIMM_FINE;
	plan_free(&plan);
	targets_close(&targets);
	return code;
}

int reports_eras(const char *name, char *const *command, const struct report_options *options,
		 const char *output)
{
	char *path = NULL, *directory;
	struct run_error error;
	struct run *run;
	int code = name ? TRIMM_FINE : measure_eras(command, &path);

	if (!code && (name || path))
		code = results_load(name ? name : path, &run);
	else if (!code)
		code = TRIMM_FAILED;
	free(path);
	if (code)
		return code;
	directory = output ? cli_format("%s", output)
			   : cli_format("%s/report/eras-%s", results_directory(), run->run_id);
	if (report_write_eras(run, options, directory, &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	} else {
		printf("%s/index.html\n", directory);
	}
	free(directory);
	run_free(run);
	return code;
}
