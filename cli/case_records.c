/* SPDX-License-Identifier: GPL-2.0-only */
/* case_records.c - see case_records.h. */
#include "case_records.h"
#include "cli.h"
#include "fnv.h"
#include "progress.h"
#include "run.h"
#include "schema.h"

#include <stdlib.h>
#include <string.h>

void case_records_begin(struct case_records *records, struct run_records *run,
			const struct plan_case *plan, int number)
{
	*records = (struct case_records){
		.run = run,
		.plan = plan,
		.number = number,
		.first_bench = run->benches,
		.seen = cli_alloc(NULL, plan->arms.n * sizeof(bool)),
	};
	memset(records->seen, 0, plan->arms.n * sizeof(bool));
}

/* Which build of mmcore it was is what a series is followed for: it is no part of it. */
static char *series_params(const json_t *bench)
{
	json_t *params = json_copy(json_object_get(bench, "params"));
	char *text;

	json_object_del(params, "core");
	text = json_dumps(params, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(params);
	return text;
}

/* results/README.md: equal series may be compared by time. */
static void add_series(const struct run_records *run, json_t *bench)
{
	char *params = series_params(bench);
	const char *parts[] = {
		about_text(bench, "workload"),
		about_text(bench, "version"),
		params ? params : "",
		about_text(bench, "target"),
		about_text(json_object_get(bench, "timebase"), "id"),
		run->machine,
	};
	uint64_t hash = FNV_START;
	char hex[FNV_HEX_SIZE];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		hash = fnv_add(hash, parts[i]);
	/* A path may hold another kernel tomorrow. */
	if (json_object_get(bench, "kernel_release"))
		hash = fnv_add(hash, about_text(bench, "kernel_release"));
	fnv_hex(hash, hex);
	json_object_set_new(bench, "series", json_string(hex));
	free(params);
}

/* Which kernel it was measured in: the choice is known here, and of a bench never written too. */
static void add_kernel(const struct target *target, json_t *bench)
{
	json_t *params = json_object_get(bench, "params");
	const char *release = target_kernel_release(target);

	if (target->kernel && !json_object_get(params, "kernel"))
		json_object_set_new(params, "kernel", json_string(target->kernel));
	if (*release && !json_object_get(bench, "kernel_release"))
		json_object_set_new(bench, "kernel_release", json_string(release));
}

static bool write_bench(struct case_records *records, json_t *bench, int arm)
{
	const char *status = about_text(bench, "status");
	struct run_records *run = records->run;
	const struct plan_case *plan = records->plan;
	bool skipped = !strcmp(status, "skipped");
	bool not_applicable = !strcmp(status, "not_applicable");

	records->seen[arm] = true;
	run->benches++;
	run->measured += !strcmp(status, "ok") && strcmp(records->plan->workload, "null");
	run->skipped += skipped;
	run->not_applicable += not_applicable;
	run->failed += !strcmp(status, "failed");
	if (skipped || not_applicable)
		cli_error("%s%s%s: %s: %s", records->plan->label, plan->arms.n > 1 ? ": " : "",
			  plan->arms.n > 1 ? plan->arms.item[arm] : "",
			  skipped ? "skipped" : "not applicable", about_text(bench, "why"));
	return run_file_add(run->file, json_incref(bench));
}

static bool refuse(struct case_records *records, const char *line, const char *why)
{
	int length = strcspn(line, "\n");

	/* Enough of it to know it by. */
	snprintf(records->wrong, sizeof(records->wrong), "wrote a record that is none (%s): %.*s",
		 why, length < 80 ? length : 80, line);
	return false;
}

/* A probe's: the target passes on what the tracer beside it says, and has no part in it. */
static bool is_traced(const json_t *record)
{
	const char *type = about_text(record, "t");

	return !strcmp(type, "probe") || !strcmp(type, "stack") || !strcmp(type, "event") ||
	       (json_object_get(record, "source") && trace_source(about_text(record, "source")));
}

/* A wrong one is left out, and the measurement goes on. */
static bool drop(struct case_records *records, const char *why)
{
	bool told = records->dropped;
	char *text;
	bool fine;

	records->dropped = true;
	if (told)
		return true;
	text = cli_format("the tracer sent a record that is none (%s): left out, as others like it",
			  why);
	fine = run_file_add(records->run->file, json_pack("{s:s, s:s, s:s}", "t", "note", "level",
							  "warn", "text", text));
	free(text);
	return fine;
}

static void take_progress(const json_t *record)
{
	progress_update(json_number_value(json_object_get(record, "done")),
			about_text(record, "text"));
}

static bool check_and_write(struct case_records *records, json_t *record, const char *line,
			    size_t length)
{
	const char *type = about_text(record, "t");
	const json_t *number = json_object_get(record, "bench");
	long arm = json_integer_value(number) - records->first_bench;
	bool numbered = json_is_integer(number) && arm >= 0 && arm < (long)records->plan->arms.n;
	bool belongs = numbered || (!number && (!strcmp(type, "note") || !strcmp(type, "event")));
	char why[256];

	if (!strcmp(type, "run") || !strcmp(type, "end"))
		return refuse(records, line, "only the command writes such a line");
	if (!belongs && is_traced(record))
		return drop(records, "not a bench of this case");
	if (!belongs)
		return refuse(records, line, "not a bench of this case");
	if (!strcmp(type, "bench") && records->seen[arm])
		return refuse(records, line, "this bench was there before");
	if (!strcmp(type, "bench")) {
		add_kernel(records->plan->target, record);
		add_series(records->run, record);
	}
	if (!schema_check(schema_records(), record, why, sizeof(why)))
		return is_traced(record) ? drop(records, why) : refuse(records, line, why);
	if (!strcmp(type, "bench"))
		return write_bench(records, record, arm);
	return run_file_write(records->run->file, line, length);
}

bool case_records_take(void *arg, const char *line, size_t length)
{
	struct case_records *records = arg;
	json_error_t error;
	json_t *record = json_loadb(line, length, 0, &error);
	bool fine = true;

	if (!record)
		fine = refuse(records, line, error.text);
	else if (!strcmp(about_text(record, "t"), "progress"))
		take_progress(record);
	else
		fine = check_and_write(records, record, line, length);
	json_decref(record);
	return fine;
}

void case_records_said(void *arg, const char *line)
{
	(void)arg;
	progress_clear();
	fprintf(stderr, "%s\n", line);
}

/* Parameters as far as the words tell, for a bench line the target never wrote. */
static json_t *params_of(const struct plan_case *plan, const char *arm)
{
	json_t *params = json_object();

	for (size_t i = 1; i < plan->words.n; i++) {
		const char *word = plan->words.item[i], *equals = strchr(word, '=');

		if (strncmp(word, "arm:", 4) && strncmp(word, "process=", 8) && equals)
			json_object_setn_new(params, word, equals - word, json_string(equals + 1));
	}
	while (*arm) {
		size_t length = strcspn(arm, ","), name = strcspn(arm, "=,");

		if (name < length)
			json_object_setn_new(params, arm, name,
					     json_stringn(arm + name + 1, length - name - 1));
		arm += length + (arm[length] == ',');
	}
	return params;
}

/* "failed" if there is a reason why, else the user stopped it. */
static void fill_in(struct case_records *records, int arm, const char *status, const char *why)
{
	const struct plan_case *plan = records->plan;
	const char *text = plan->arms.item[arm];
	const char *version =
		about_text(target_workload(records->plan->target, plan->workload), "version");
	json_t *bench = json_pack(
		"{s:s, s:i, s:i, s:s, s:i, s:s, s:s, s:s, s:o, s:i, s:s, s:s}", "t", "bench",
		"bench", records->first_bench + arm, "case", records->number, "arm", text, "arms",
		(int)plan->arms.n, "workload", plan->workload, "version", version, "target",
		target_name(records->plan->target), "params", params_of(plan, text), "check_level",
		0, "status", status, "why", why);

	if (plan->processes)
		json_object_set_new(bench, "process", json_integer(plan->process));
	add_kernel(plan->target, bench);
	add_series(records->run, bench);
	write_bench(records, bench, arm);
	json_decref(bench);
}

static char *reason(const struct case_records *records, const struct runner_outcome *outcome)
{
	const char *command = records->plan->target->command;

	if (records->run->file->broken)
		return NULL;
	if (*records->wrong)
		return cli_format("%s %s", command, records->wrong);
	if (outcome->stopped)
		return NULL;
	if (outcome->code < 0)
		return cli_format("%s could not be started: %s", command, strerror(-outcome->code));
	if (outcome->signal)
		return cli_format("%s was killed by signal %d (%s)%s%s", command, outcome->signal,
				  strsignal(outcome->signal), *outcome->said ? "; it said: " : "",
				  outcome->said);
	if (outcome->code == TRIMM_SKIPPED)
		return NULL;
	if (outcome->code)
		return cli_format("%s failed with code %d%s%s", command, outcome->code,
				  *outcome->said ? "; it said: " : "", outcome->said);
	return NULL;
}

void case_records_end(struct case_records *records, const struct runner_outcome *outcome)
{
	struct run_records *run = records->run;
	char *why = reason(records, outcome);
	char *nothing = cli_format("%s left no record of it", records->plan->target->command);
	int failed = run->failed, missing = 0;

	for (size_t i = 0; i < records->plan->arms.n && !run->file->broken; i++) {
		if (records->seen[i])
			continue;
		missing++;
		if (why || !outcome->stopped)
			fill_in(records, i, "failed", why ? why : nothing);
		else
			fill_in(records, i, "partial", "stopped by the user");
	}
	if (why || (missing && !outcome->stopped)) {
		const char *text = why ? why : nothing;

		cli_error("%s: %s", records->plan->label, text);
		run_file_add(run->file,
			     json_pack("{s:s, s:i, s:s, s:s}", "t", "note", "bench",
				       records->first_bench, "level", "error", "text", text));
		/* Its benches may all be there and ok: what came after them is not. */
		if (run->failed == failed)
			run->failed++;
	}
	free(nothing);
	free(why);
	free(records->seen);
}
