/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * finished.h - which cases of a run are finished, in a file beside its own, RUN.cases.
 *
 * The run's file alone does not tell: a case's last line is not known from the one before it. A
 * line for each case that has all of its own there, so that a run which was killed can be gone on
 * with from the case that was being measured. Of the same plan only, which each line names.
 */
#ifndef CLI_FINISHED_H
#define CLI_FINISHED_H

#include "case_records.h"

struct finished {
	size_t cases;
	int benches, measured, skipped, not_applicable, failed;
	long long length; /* of the run's file by then */
};

/* What is finished of the run at @path, if @plan is what was being measured. False: nothing. */
bool finished_read(const char *path, const struct plan *plan, struct finished *finished);
/* Is there no such file? Then no case of the run at @path is, of whichever plan. */
bool finished_none(const char *path);
/* @cases of @plan are. Trouble is told, and costs that they are measured again. */
void finished_add(const struct run_records *records, const struct plan *plan, size_t cases);
/* The file beside @path goes. */
void finished_remove(const char *path);

#endif /* CLI_FINISHED_H */
