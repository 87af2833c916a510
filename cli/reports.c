/* SPDX-License-Identifier: GPL-2.0-only */
/* reports.c - see reports.h. */
#include "reports.h"
#include "cli.h"
#include "night_find.h"
#include "results.h"

#include <stdio.h>
#include <stdlib.h>

/* The folder of a report: @output, else RESULTS/report/NAME. */
static char *folder(const char *output, const char *name)
{
	return output ? cli_format("%s", output)
		      : cli_format("%s/report/%s", results_directory(), name);
}

static int done(int failed, char *directory, const struct run_error *error)
{
	if (failed)
		cli_error("%s", error->text);
	else
		printf("%s/index.html\n", directory);
	free(directory);
	return failed ? TRIMM_FAILED : TRIMM_FINE;
}

int reports_run(const char *name, const struct report_options *options, const char *output)
{
	struct calibration *calibration;
	struct run_error error;
	struct run *run;
	char *directory;
	int code = results_load(name ? name : "latest", &run);

	if (code)
		return code;
	calibration = results_calibration(run);
	directory = folder(output, run->run_id);
	code = done(report_write(run, calibration, options, directory, &error), directory, &error);
	calibration_free(calibration);
	run_free(run);
	return code;
}

static int write_pair(const struct run *base, const struct run *next,
		      const struct report_options *options, const char *output)
{
	struct compare_options defaults = COMPARE_DEFAULTS;
	struct comparison *comparison;
	struct run_error error;
	int code = compare_runs(base, next, NULL, &defaults, &comparison, &error);
	char *name, *directory;

	if (code) {
		cli_error("%s", error.text);
		return code > 0 ? TRIMM_UNCLEAR : TRIMM_FAILED;
	}
	name = cli_format("%s-against-%s", next->run_id, base->run_id);
	directory = folder(output, name);
	code = done(report_write_pair(base, next, comparison, options, directory, &error),
		    directory, &error);
	free(name);
	comparison_free(comparison);
	return code;
}

int reports_pair(const char *base_name, const char *next_name, const struct report_options *options,
		 const char *output)
{
	struct run *base, *next;
	int code = results_load(base_name, &base);

	if (code)
		return code;
	code = results_load(next_name, &next);
	if (!code) {
		code = write_pair(base, next, options, output);
		run_free(next);
	}
	run_free(base);
	return code;
}

/* The runs of a night that are still there, and how many; a list for free(). */
static struct run **runs_of(const struct night *night, size_t *n)
{
	struct run_error error;
	struct run **runs;
	size_t most = 0;

	*n = 0;
	for (enum night_part part = 0; part < NIGHT_PARTS; part++)
		most += night->runs[part].nr;
	runs = calloc(most + 1, sizeof(*runs));
	for (enum night_part part = 0; runs && part < NIGHT_PARTS; part++) {
		for (size_t i = 0; i < night->runs[part].nr; i++) {
			char *path = cli_format("%s/runs/%s.ndjson", results_directory(),
						night->runs[part].id[i]);

			if (!run_load(path, &runs[*n], &error))
				++*n;
			free(path);
		}
	}
	return runs;
}

int reports_night(const char *name, const struct report_options *options, const char *output)
{
	char *path, *directory, *place;
	struct run_error error;
	struct night *night;
	struct run **runs;
	size_t n;
	int code = night_find(name, &path);

	if (code)
		return code;
	code = night_load(path, &night, &error);
	free(path);
	if (code) {
		cli_error("%s", error.text);
		return TRIMM_FAILED;
	}
	runs = runs_of(night, &n);
	place = cli_format("night-%s", night->id);
	directory = folder(output, place);
	free(place);
	code = done(report_write_night(night, runs, n, options, directory, &error), directory,
		    &error);
	while (n)
		run_free(runs[--n]);
	free(runs);
	night_free(night);
	return code;
}
