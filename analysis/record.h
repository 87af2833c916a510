/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record.h - one line of a run file, already checked against the schema, added to the run.
 */
#ifndef ANALYSIS_RECORD_H
#define ANALYSIS_RECORD_H

#include "arena.h"
#include "run.h"

/* A run with the memory behind it; callers see only the first member. */
struct run_memory {
	struct run run;
	struct arena arena;
	bool ended;
};

/* 0; or -1 with the reason in @why: what the schema can't express. May keep a reference. */
int record_add(struct run_memory *memory, json_t *record, char *why, size_t size);

#endif /* ANALYSIS_RECORD_H */
