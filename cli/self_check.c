/* SPDX-License-Identifier: GPL-2.0-only */
/* self_check.c - see self_check.h. */
#include "self_check.h"
#include "cli.h"
#include "measure.h"
#include "results.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Nothing is deferred, so that blocks are short and many, and one worker waits for no other:
 * what resolves a small delay beside a busy neighbour.
 */
static const char *const setting[] = {"flush=eager", "cpus=1"};

static int measure_pair(const char *workload, const char *inject, char **path)
{
	char *command[] = {"compare", "--self-check", (char *)workload, NULL};
	struct measure_options options = {results_directory(), "self-check", command, false};
	struct plan plan = {.nr_cases = 0};
	struct spec spec = {.nr_params = 0};
	struct target target;
	int code = target_open(&target, target_choice_given());

	if (code)
		return code;
	list_add(&spec.workloads, "%s", workload);
	list_add(&spec.arms, "label=a");
	list_add(&spec.arms, inject ? "label=b,inject=%s" : "label=b", inject);
	for (size_t i = 0; i < sizeof(setting) / sizeof(setting[0]) && !code; i++)
		code = spec_add(&spec, setting[i]);
	if (!code)
		code = plan_add(&plan, &target, &spec);
	if (!code)
		code = measure(&plan, &options, path);
	plan_free(&plan);
	spec_free(&spec);
	target_close(&target);
	return code;
}

/* The widest noise floor of the judged rows, or NAN. */
static double floor_of(const struct comparison *comparison)
{
	double widest = NAN;

	for (size_t i = 0; i < comparison->nr_groups; i++) {
		const struct compare_group *group = &comparison->groups[i];

		for (size_t j = 0; j < group->nr_rows; j++)
			if (group->rows[j].kind == ROW_TIME)
				widest = fmax(widest, group->rows[j].floor);
	}
	return widest;
}

static int judge(const struct comparison *comparison, const char *inject)
{
	size_t worse = comparison->count[VERDICT_REGRESSED];
	size_t found = worse + comparison->count[VERDICT_IMPROVED];
	double floor = floor_of(comparison);

	if (isnan(floor)) {
		cli_error("self-check: no time was measured that could be judged");
		return TRIMM_FAILED;
	}
	printf("self-check: changes below %.2f %% are not judged: the threshold, or 3 x the A/A "
	       "floor\n",
	       100 * floor);
	if (inject)
		printf("self-check: %s: an injected delay of %s %% was %s\n",
		       worse ? "passed" : "FAILED", inject, worse ? "found" : "not found");
	else
		printf("self-check: %s: like against like, %zu differences found\n",
		       found ? "FAILED" : "passed", found);
	return (inject ? worse > 0 : !found) ? TRIMM_FINE : TRIMM_FAILED;
}

int self_check(const char *workload, const char *inject, const struct verdicts *verdicts)
{
	struct comparison *comparison;
	struct run_error error;
	struct run *run;
	char *path = NULL;
	int code = measure_pair(workload, inject, &path);

	if (code || !path)
		return code;
	if (run_load(path, &run, &error)) {
		cli_error("%s", error.text);
		free(path);
		return TRIMM_FAILED;
	}
	if (compare_by(run, "label", &verdicts->options, &comparison, &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	} else {
		verdicts_print(verdicts, comparison);
		code = judge(comparison, inject);
		comparison_free(comparison);
	}
	run_free(run);
	free(path);
	return code;
}
