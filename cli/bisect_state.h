/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bisect_state.h - a bisection in the making; private to bisect*.c.
 *
 * All that a call of trimm bisect writes is below RESULTS/bisects: ID.ndjson, a line for each step;
 * ID.svg and what drew it; cache.ndjson, what commits were measured at, of all bisections; and
 * while it runs lock, worktree/ (git bisect's), cores/ and anew/ (what is built again at the end).
 */
#ifndef CLI_BISECT_STATE_H
#define CLI_BISECT_STATE_H

#include "bisect.h"
#include "builds.h"
#include "target.h"

/* What git says on the way, of the last call. */
#define BISECT_GIT_LOG "git.log"

/* How it is measured: which target, and beside which other core. */
enum bisect_kind { BISECT_EXACT, BISECT_TIME, BISECT_KINDS };

/* What measuring or building a commit came to. */
enum bisect_outcome {
	OUTCOME_DONE,
	OUTCOME_SKIP,	     /* its own fault: the line says what */
	OUTCOME_ENVIRONMENT, /* nobody's commit is to blame */
	OUTCOME_STOPPED,     /* the user asked for the end */
	OUTCOME_USAGE,	     /* a word of the workload's was wrong, and told of */
};

struct bisect_state {
	const struct bisect_options *options;
	struct bisection bisection;
	char *repo, *old, *new; /* commits */
	size_t good, bad;	/* places of these */
	char *directory;	/* whole path */
	char *cores, *worktree; /* in it */
	struct lock lock;
	struct builds builds, anew; /* anew: opened at the end */
	bool has_builds, has_worktree;
	struct target target[BISECT_KINDS];
	bool opened[BISECT_KINDS];
	char *fingerprint, *version; /* of the machine; of the workload */
	int log;		     /* of this call */
	json_t *cache;		     /* its lines, an array */
	size_t measured;	     /* so far, for the order */
	bool patient; /* at the end: twice as many processes as a step gets, at most */
	bool stopped;
	struct run_error error; /* why it cannot go on; text "": it can */
};

/*
 * Repository, ends, the commits between them. 0; TRIMM_USAGE after a line.
 */
int bisect_line_read(struct bisect_state *state);

/* The files of this call. 0, or TRIMM_FAILED after a line. */
int bisect_log_open(struct bisect_state *state);
void bisect_log_close(struct bisect_state *state);
/* A line of ID.ndjson; the reference is taken over. What cannot be written ends the bisection. */
void bisect_log_add(struct bisect_state *state, json_t *line);
/* What a commit was measured at before, in this kind, by these words. False: never. */
bool bisect_cached(const struct bisect_state *state, enum bisect_kind kind, size_t place, bool anew,
		   struct bisect_measured *out);
void bisect_cache_add(struct bisect_state *state, enum bisect_kind kind, size_t place, bool anew,
		      const struct bisect_measured *measured);

/*
 * Build and measure, unless the cache has it; @anew: in a tree of its own. *cached says whether it
 * had. DONE with @out to be freed; else @why is one line, but for USAGE.
 */
enum bisect_outcome bisect_count(struct bisect_state *state, size_t place, bool anew,
				 struct bisect_measured *out, bool *cached, struct run_error *why);
/* Time of the good end's copy and of the bad end, beside the good end, in @processes processes. */
enum bisect_outcome bisect_time_ends(struct bisect_state *state, size_t processes,
				     struct bisect_measured *copy, struct bisect_measured *bad,
				     struct run_error *why);
/*
 * Measure a commit as the oracle asks, judge it, log it and say so: its point has the answer.
 * OUTCOME_DONE, also if it was skipped or is unclear; ENVIRONMENT or STOPPED as above.
 */
enum bisect_outcome bisect_measure_point(struct bisect_state *state, size_t place, bool anew);

/*
 * The kernel of a commit, by the command; *kernel gets what kernel= calls it. As bisect_count() has
 * it.
 */
enum bisect_outcome bisect_kernel_build(struct bisect_state *state, size_t place, bool anew,
					char **kernel, struct run_error *why);

/* The worktree of git bisect, made if it is not there. 0, or -1 with @why. */
int bisect_worktree(struct bisect_state *state, struct run_error *why);
/* git bisect run over the whole line; its points have the answers. 0, or TRIMM_FAILED after a line.
 */
int bisect_run(struct bisect_state *state);

#endif /* CLI_BISECT_STATE_H */
