/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * measure.c - see measure.h. The one idea: whatever becomes of a case, the file gets a bench
 * line for each of its arms, so that nothing asked for is missing without a reason.
 */
#include "measure.h"
#include "cli.h"
#include "interrupt.h"
#include "kernel_log.h"
#include "machine.h"
#include "progress.h"
#include "run_file.h"
#include "run_head.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The harness measures itself first, so that every run says what its own hand weighs; counts
 * have no such hand, and on some targets it is dear. On the target of the first case that is timed,
 * or NULL: none needs it.
 */
static const struct target *wants_null(const struct plan *plan)
{
	const struct target *timed = NULL;

	for (size_t i = 0; i < plan->nr_cases; i++) {
		if (!strcmp(plan->cases[i].workload, "null"))
			return NULL;
		if (!timed && !plan->cases[i].target->exact &&
		    !target_null_is_dear(plan->cases[i].target))
			timed = plan->cases[i].target;
	}
	return timed && target_workload(timed, "null") ? timed : NULL;
}

static void warm_up(const struct plan *plan)
{
	for (size_t i = 0; i < plan->nr_cases; i++)
		if (!i || plan->cases[i].target != plan->cases[i - 1].target)
			target_warm_up(plan->cases[i].target);
}

/* Until the user stops it; false then. */
static bool run_all(const struct plan *plan, int *number, struct run_records *records)
{
	size_t done = 0, more = 1;

	while (done < plan->nr_cases && more) {
		more = interrupt_count() ? 0
					 : session_run(&plan->cases[done], plan->nr_cases - done,
						       *number, records);
		done += more;
		*number += (int)more;
	}
	return done == plan->nr_cases;
}

static void run_cases(const struct plan *plan, struct run_records *records, bool quiet)
{
	const struct target *target;
	struct plan null = {.nr_cases = 0};
	struct spec spec = {.nr_params = 0};
	int number = 0;
	bool go = true;

	warm_up(plan);
	target = wants_null(plan);
	if (target) {
		spec_add(&spec, "null");
		go = !plan_add(&null, target, &spec);
	}
	progress_start(null.nr_cases + plan->nr_cases, quiet);
	go = go && run_all(&null, &number, records) && run_all(plan, &number, records);
	progress_stop();
	records->stopped = !go;
	plan_free(&null);
	spec_free(&spec);
}

static int finish(struct run_file *file, const struct run_records *records)
{
	char *log = kernel_log_end();
	const char *status = records->stopped ? "partial" : records->failed ? "failed" : "ok";

	json_t *end = json_pack("{s:s, s:s, s:s, s:i, s:i, s:i}", "t", "end", "run_id", file->id,
				"status", status, "benches", records->benches, "skipped",
				records->skipped, "failed", records->failed);

	if (records->not_applicable)
		json_object_set_new(end, "not_applicable", json_integer(records->not_applicable));
	run_file_add(file, end);
	if (log && records->failed)
		cli_error("%s: what the guests' kernels said", log);
	free(log);
	if (file->broken || records->stopped || records->failed)
		return TRIMM_FAILED;
	if (records->measured || !(records->skipped + records->not_applicable))
		return TRIMM_FINE;
	return TRIMM_SKIPPED;
}

int measure(const struct plan *plan, const struct measure_options *options, char **path)
{
	json_t *machine = machine_record();
	struct run_file file;
	struct run_records records = {
		.file = &file,
		.machine = json_string_value(json_object_get(machine, "fp")),
	};
	int code = run_file_create(&file, options->results);
	bool headed = false;

	*path = NULL;
	if (!code) {
		interrupt_open();
		kernel_log_begin(file.path);
		headed = run_file_add(&file,
				      run_head(&file, options->reason, options->command, machine));
		if (headed)
			run_cases(plan, &records, options->quiet);
		code = headed ? finish(&file, &records) : TRIMM_FAILED;
		if (headed && !file.broken)
			*path = cli_format("%s", file.path);
		run_file_close(&file, !headed);
	}
	json_decref(machine);
	return code;
}
