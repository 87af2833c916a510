/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * measure.c - see measure.h. The one idea: whatever becomes of a case, the file gets a bench
 * line for each of its arms, so that nothing asked for is missing without a reason.
 */
#include "measure.h"
#include "cli.h"
#include "finished.h"
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
#include <unistd.h>

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

/* A run under way: what it measures, and how far it is. */
struct course {
	const struct plan *plan;
	struct plan null; /* of the harness itself, before all others, or empty */
	const struct measure_part *part;
	size_t done; /* cases, of both */
	struct run_records *records;
};

/* The next cases of @plan, which come after @before others, until the user stops it; false then. */
static bool run_all(struct course *course, const struct plan *plan, size_t before)
{
	while (course->done < before + plan->nr_cases) {
		size_t at = course->done - before, more = 0;

		if (!interrupt_count())
			more = session_run(&plan->cases[at], plan->nr_cases - at, (int)course->done,
					   course->records);
		if (!more)
			return false;
		course->done += more;
		if (course->part)
			finished_add(course->records, course->plan, course->done);
	}
	return true;
}

static void run_cases(struct course *course, bool quiet)
{
	size_t first = course->null.nr_cases, all = first + course->plan->nr_cases;
	bool go = course->done == all;

	if (!go) {
		progress_start(all - course->done, quiet);
		go = run_all(course, &course->null, 0) && run_all(course, course->plan, first);
		progress_stop();
	}
	course->records->stopped = !go;
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

/* A new file, with its head; or what is whole of the one to be gone on with. 0, or a code. */
static int begin(struct course *course, const struct measure_options *options, json_t *machine)
{
	const struct measure_part *part = course->part;
	struct run_records *records = course->records;
	struct finished finished;
	json_t *head;
	int code;

	if (part && part->resume && finished_read(part->resume, course->plan, &finished) &&
	    run_file_reopen(records->file, part->resume, finished.length)) {
		course->done = finished.cases;
		records->benches = finished.benches;
		records->measured = finished.measured;
		records->skipped = finished.skipped;
		records->not_applicable = finished.not_applicable;
		records->failed = finished.failed;
		return 0;
	}
	/* A head alone is nothing to keep. */
	if (part && part->resume && finished_none(part->resume))
		unlink(part->resume);
	code = run_file_create(records->file, options->results);
	if (code)
		return code;
	head = run_head(records->file, options->reason, options->command, machine);
	if (part)
		json_object_set_new(head, "night", json_string(part->night));
	/* First who it belongs to, then its name (run_file.h): one that nobody knows of is not
	 * there. */
	if (part && !part->begun(part->arg, records->file->id))
		json_decref(head);
	else if (run_file_add(records->file, head))
		return 0;
	run_file_close(records->file, true);
	return TRIMM_FAILED;
}

static void make_null(struct course *course)
{
	const struct target *target = wants_null(course->plan);
	struct spec spec = {.nr_params = 0};

	if (!target)
		return;
	spec_add(&spec, "null");
	if (plan_add(&course->null, target, &spec))
		plan_free(&course->null);
	spec_free(&spec);
}

int measure_part(const struct plan *plan, const struct measure_options *options,
		 const struct measure_part *part, char **path)
{
	json_t *machine = machine_record();
	struct run_file file = {.fd = -1};
	struct run_records records = {
		.file = &file,
		.machine = json_string_value(json_object_get(machine, "fp")),
	};
	struct course course = {.plan = plan, .part = part, .records = &records};
	int code;

	*path = NULL;
	interrupt_open();
	code = begin(&course, options, machine);
	if (!code) {
		kernel_log_begin(file.path);
		warm_up(plan);
		make_null(&course);
		run_cases(&course, options->quiet);
		code = finish(&file, &records);
		if (!file.broken)
			*path = cli_format("%s", file.path);
		run_file_close(&file, false);
	}
	plan_free(&course.null);
	json_decref(machine);
	return code;
}

int measure(const struct plan *plan, const struct measure_options *options, char **path)
{
	return measure_part(plan, options, NULL, path);
}
