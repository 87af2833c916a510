/* SPDX-License-Identifier: GPL-2.0-only */
/* session.c - see session.h. */
#include "session.h"
#include "boots.h"
#include "cli.h"
#include "progress.h"

#include <stdlib.h>
#include <string.h>

struct session {
	struct run_records *records;
	const struct plan_case *cases;
	size_t n, at;
	int number; /* of the first */
	struct case_records state;
	struct runner_outcome outcome;
};

static void begin(struct session *session)
{
	const struct plan_case *plan = &session->cases[session->at];
	char *group = NULL;

	case_records_begin(&session->state, session->records, plan,
			   session->number + (int)session->at);
	if (plan->processes)
		group = cli_format("process %d of %d", plan->process + 1, plan->processes);
	progress_case(group ? group : plan->workload, plan->label);
	free(group);
}

/* The present case has ended by itself, and the guest lives. */
static void step(struct session *session, int code)
{
	struct runner_outcome ended = session->outcome;

	ended.code = code;
	case_records_end(&session->state, &ended);
	*session->outcome.said = '\0';
	session->at++;
	begin(session);
}

static bool take(void *arg, const char *line, size_t length)
{
	struct session *session = arg;
	int code;

	if (session->at + 1 < session->n && boots_next(line, length, &code)) {
		step(session, code);
		return true;
	}
	return case_records_take(&session->state, line, length);
}

static void said(void *arg, const char *line)
{
	struct session *session = arg;

	case_records_said(&session->state, line);
}

static void add_case(struct list *argv, const struct plan_case *plan, int first_bench, int number)
{
	for (size_t i = 0; i < plan->words.n; i++)
		list_add(argv, "%s", plan->words.item[i]);
	list_add(argv, "first_bench=%d", first_bench);
	list_add(argv, "case=%d", number);
}

size_t session_run(const struct plan_case *cases, size_t n, int number, struct run_records *records)
{
	struct session session = {
		.records = records, .cases = cases, .n = boots_run(cases, n), .number = number};
	struct runner_calls calls = {take, said, &session};
	/* A bench for each arm, whatever becomes of it: case_records.h. */
	int first_bench = records->benches;
	struct list argv = {NULL, 0};

	target_begin(cases->target, &argv);
	for (size_t i = 0; i < session.n; i++) {
		if (i)
			list_add(&argv, CASES_SEPARATOR);
		add_case(&argv, &cases[i], first_bench, number + (int)i);
		first_bench += (int)cases[i].arms.n;
	}
	begin(&session);
	runner_run(argv.item, &calls, &session.outcome);
	list_free(&argv);
	case_records_end(&session.state, &session.outcome);
	return session.outcome.stopped || records->file->broken ? 0 : session.at + 1;
}
