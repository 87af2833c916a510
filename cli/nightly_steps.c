/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nightly_steps.c - what a night measures, one step after the other, and what that comes to.
 *
 * Counts come first: what they say is certain. Of the time, what is inconclusive is measured in as
 * many processes again, once; what is then slower, or still inconclusive, in a second invocation,
 * because only what recurs is slower (night_judge.h).
 */
#include "acceptance.h"
#include "cli.h"
#include "finished.h"
#include "interrupt.h"
#include "measure.h"
#include "nightly.h"
#include "results.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const step_names[NIGHTLY_STEPS] = {
	[STEP_COUNT] = "counts",
	[STEP_TIME] = "time",
	[STEP_TIME_MORE] = "time of what is inconclusive, in more processes",
	[STEP_AGAIN] = "time, a second time",
	[STEP_AGAIN_MORE] = "time, a second time, in more processes",
};

void nightly_say(const struct nightly *nightly, const char *fmt, ...)
{
	va_list args;

	if (nightly->options->quiet)
		return;
	fputs("trimm: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

struct beginning {
	struct nightly *nightly;
	enum nightly_step step;
};

/* Before it is there: what has begun is found again. */
static bool begun(void *arg, const char *run_id)
{
	const struct beginning *beginning = arg;

	return !nightly_set_run(beginning->nightly, beginning->step, run_id);
}

static void announce(const struct nightly *nightly, enum nightly_step step, const char *resume)
{
	const struct plan *plan = &nightly->plan[step];
	struct finished finished = {.cases = 0};

	if (resume && finished_read(resume, plan, &finished) && finished.cases >= plan->nr_cases)
		return;
	nightly_say(nightly, "%s: %zu cases%s", step_names[step], plan->nr_cases,
		    finished.cases ? ", the first of them measured before" : "");
}

static int measure_step(struct nightly *nightly, enum nightly_step step)
{
	struct measure_options options = {results_directory(), "nightly", nightly->options->command,
					  nightly->options->quiet};
	struct beginning beginning = {nightly, step};
	char *resume = nightly_run_path(nightly, step), *path = NULL;
	const struct measure_part how = {nightly->night->id, resume, begun, &beginning};
	int code;

	announce(nightly, step, resume);
	code = measure_part(&nightly->plan[step], &options, &how, &path);
	/* What failed in a case is that case's; the night goes on. */
	if (path && !interrupt_count())
		code = 0;
	if (path && results_add(path))
		code = TRIMM_FAILED;
	free(path);
	free(resume);
	return code;
}

int nightly_measure(struct nightly *nightly)
{
	int code = 0;

	for (enum nightly_step step = 0; step < NIGHTLY_STEPS && !code; step++) {
		if (step > STEP_TIME)
			code = nightly_plan_step(nightly, step);
		if (!code && nightly->plan[step].nr_cases)
			code = measure_step(nightly, step);
	}
	return code;
}

/* What of it somebody looked at before and found right, by the night's own repository. */
static int mark_accepted(const struct nightly *nightly)
{
	struct acceptance acceptance;
	int code = acceptance_load(&acceptance, nightly->repo);

	if (!code)
		accepted_mark_night(acceptance.accepted, &acceptance.commits, nightly->night);
	acceptance_free(&acceptance);
	return code;
}

int nightly_judge(struct nightly *nightly)
{
	struct nightly_runs runs;
	struct run_error error;
	int code = nightly_load(nightly, 0, NIGHTLY_STEPS, &runs);

	if (!code && night_judge(nightly->night, runs.files, &error)) {
		cli_error("%s", error.text);
		code = TRIMM_FAILED;
	}
	nightly_free_runs(&runs);
	return code ? code : mark_accepted(nightly);
}
