/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * case_records.h - the records of one case on their way from the target to the run's file:
 * checked against the schema, bench lines given their series, gaps filled in.
 */
#ifndef CLI_CASE_RECORDS_H
#define CLI_CASE_RECORDS_H

#include "plan.h"
#include "run_file.h"
#include "runner.h"

/* What all cases of a run share and add to. */
struct run_records {
	struct run_file *file;
	const char *machine; /* fingerprint, part of every series */
	int benches;	     /* bench lines written */
	int measured;	     /* arms that are ok, the null workload's aside */
	int skipped, not_applicable, failed;
	bool stopped; /* cases are missing */
};

struct case_records {
	struct run_records *run;
	const struct plan_case *plan;
	int number, first_bench;
	bool *seen;	 /* by arm: its bench line is written */
	bool dropped;	 /* a record of a probe that was wrong, and told of */
	char wrong[512]; /* what a record of the child got wrong, or "" */
};

void case_records_begin(struct case_records *records, struct run_records *run,
			const struct plan_case *plan, int number);
/* struct runner_calls. */
bool case_records_take(void *arg, const char *line, size_t length);
void case_records_said(void *arg, const char *line);
/* The child is gone: bench lines for arms without, and what it said if it failed. */
void case_records_end(struct case_records *records, const struct runner_outcome *outcome);

#endif /* CLI_CASE_RECORDS_H */
