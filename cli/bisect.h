/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bisect.h - which commit made a workload worse: git bisect, asked of what trimm measures.
 *
 * `git bisect run` chooses the commits, in a worktree of its own, whose refs and state no other
 * checkout sees. What it runs for each (bisect_step()) only passes the commit on to this process,
 * which holds all that lasts from one commit to the next: the worktree that is built in, what has
 * been measured, the user's wish to stop. A step that hears nothing from it ends the bisection.
 */
#ifndef CLI_BISECT_H
#define CLI_BISECT_H

#include "bisect_rules.h"
#include "list.h"

struct bisect_options {
	const char *good, *bad; /* revisions */
	const char *repo;
	const char *metric; /* a counter, or "total"; NULL: what differs most */
	double threshold;   /* change of time that matters, 0.02 */
	struct list paths;  /* only commits that touch them; none: all */
	struct list words;  /* a workload and its parameters: one case */
	const char *build;  /* a kernel's, by the shell; NULL: cores are compared */
	enum bisect_format format;
	const char *command; /* as typed */
};

/* TRIMM_FINE: found; TRIMM_UNCLEAR, TRIMM_FAILED or TRIMM_USAGE after a line. */
int bisect(const struct bisect_options *options);

/* In a child of git bisect run: ask at @fd what to say of the commit; what it is to exit with. */
int bisect_step(int fd);

#endif /* CLI_BISECT_H */
