/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_build.h - a comparison in the making; private to compare*.c.
 *
 * First all pairs of benches are found, then all rows are made: how certain one row must be
 * depends on how many are judged.
 */
#ifndef ANALYSIS_COMPARE_BUILD_H
#define ANALYSIS_COMPARE_BUILD_H

#include "arena.h"
#include "compare.h"

/* A comparison with the memory behind it; callers see only the first member. */
struct comparison_memory {
	struct comparison comparison;
	struct arena arena;
	struct compare_options options;
	double row_confidence; /* of a judged time row, so that all hold together */
};

/* What is known of a pair before its rows are made. */
struct pair_state {
	enum verdict outcome; /* VERDICT_SHOWN: nothing stands against judging */
	const char *why;
	bool has_rows;	/* the figures mean something, even if not judged */
	bool show_time; /* times of the two may stand side by side */
};

/*
 * Put a pair to @group's processes if the base was one of several (its record says `process`).
 * 0, 1 if it was not, -1: no memory.
 */
int compare_add_process(struct compare_group *group, struct compare_process process);
/* Leave out processes that did not end well, unless none did; the first left is the group's. */
void compare_settle_processes(struct comparison_memory *memory, struct compare_group *group);
/*
 * What each process says of a time metric, at most nr_processes values each, malloc()ed: medians
 * of an operation if @per_op, else of a block; ln ratios of base to next, and to the copy.
 */
struct process_values {
	size_t n, nr_copies;
	double *base, *next, *logs, *copies;
};
/* 0, or -1: no memory. */
int compare_process_values(const struct compare_group *group, const char *metric, bool per_op,
			   struct process_values *out);
void process_values_free(struct process_values *values);

/* Room for @nr_groups; NULL: no memory. */
struct comparison_memory *compare_new(size_t nr_groups, const struct compare_options *options);
/* Each text once; in order of first appearance. */
void compare_footnote(struct comparison_memory *memory, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* What stands against judging the two, digests and check levels included. */
struct pair_state compare_pair_state(struct comparison_memory *memory,
				     const struct compare_group *group, const char *run_status);
/* Make the rows of a group. 0, or -1: no memory. */
int compare_fill_group(struct comparison_memory *memory, struct compare_group *group,
		       const struct pair_state *state);
/* Given groups and their states: rows, labels, geomeans, counts. 0, or -1: no memory. */
int compare_fill(struct comparison_memory *memory, const struct pair_state *states);

/* Do the two drive different subjects? Then each has counts and settings of its own. */
bool compare_subjects_differ(const struct bench *a, const struct bench *b);

/* The null workload: in every run, to measure the harness; nothing of a user's. */
bool compare_is_harness(const struct bench *bench);

/* Of two runs without a bench in common: what those differ in that are most alike. */
void compare_nearest(const struct run *base, const struct run *next, char *text, size_t size);

#endif /* ANALYSIS_COMPARE_BUILD_H */
