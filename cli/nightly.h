/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nightly.h - a night under way: what was asked for, what is compared, and how far it is.
 *
 * The steps come in the order of verb_nightly.c. Whatever one of them finds is on the disk before
 * the next begins, in the night's file or in runs it names; so one that was killed is gone on with
 * by whoever starts the same night again (nightly_state.c).
 */
#ifndef CLI_NIGHTLY_H
#define CLI_NIGHTLY_H

#include "builds.h"
#include "lock.h"
#include "night_judge.h"
#include "plan.h"
#include "suite.h"
#include "targets.h"

struct nightly_options {
	const char *suite, *reference, *repo, *head;
	const char *on_verdict, *junit, *markdown, *output; /* NULL: none */
	double threshold;
	enum night_gate gate;
	unsigned int keep;	/* nights whose runs and cores stay */
	unsigned int processes; /* 0: as many as verdicts on that many cases need */
	bool dry, fresh, quiet, no_report;
	char *const *command;
};

/* What is measured, in this order; each a run of its own. */
enum nightly_step {
	STEP_COUNT, /* exact counters */
	STEP_TIME,
	STEP_TIME_MORE,	 /* in as many processes again, what is inconclusive */
	STEP_AGAIN,	 /* a second invocation of what is slower, or still inconclusive */
	STEP_AGAIN_MORE, /* and of that as above */
	NIGHTLY_STEPS
};

struct nightly {
	const struct nightly_options *options;
	struct lock lock;
	char *repo;
	struct git_commit head, reference;
	bool dirty;
	char *why_reference; /* where the reference comes from, in words */
	char *directory;     /* of nights */
	char *machine;	     /* fingerprint */
	struct night *night; /* NULL: not yet begun */
	struct builds builds;
	char *cores; /* the folder with reference.so, copy.so, head.so, or NULL */
	struct suite suite;
	struct targets targets;
	struct plan plan[NIGHTLY_STEPS]; /* from the third on: once it is known of what */
	unsigned int processes;
	unsigned int other; /* cases of the suite that no core of a worktree can be in */
};

/* nightly_revisions.c: what is compared. 0, or an exit code after one line. */
int nightly_find_revisions(struct nightly *nightly);

/* nightly_plan.c: its cases; cores need not be there yet. 0, or an exit code after one line. */
int nightly_make_plans(struct nightly *nightly);
/* What @step measures, as what was timed before it says: plan[@step]. 0, or a code. */
int nightly_plan_step(struct nightly *nightly, enum nightly_step step);
/* How long it will take, in seconds, as far as one can tell before. */
double nightly_estimate(const struct plan *plan);

/* nightly_state.c: the night's file. 0, or an exit code after one line. */
int nightly_begin(struct nightly *nightly);
int nightly_save(struct nightly *nightly);
/* The file of the step's run, malloc()ed; NULL: it has not begun. */
char *nightly_run_path(const struct nightly *nightly, enum nightly_step step);
/* This run is the step's, and what was measured after it is void; saved. 0, or an exit code after
 * one line. */
int nightly_set_run(struct nightly *nightly, enum nightly_step step, const char *id);
/* It is over, well or not: @status, and why not; saved. */
int nightly_end(struct nightly *nightly, const char *status, const char *why);
/* What is older than the last so many nights goes: runs, cores, half-written files. */
void nightly_keep(struct nightly *nightly);

/* nightly_build.c: both cores, by the names arms have. 0, or an exit code after one line. */
int nightly_build(struct nightly *nightly);

/* nightly_steps.c: measure all steps, judge. 0, or an exit code after one line. */
int nightly_measure(struct nightly *nightly);
/* By what is there, and what of it is accepted. 0, or an exit code after one line. */
int nightly_judge(struct nightly *nightly);

/* nightly_runs.c: the runs of a night so far, as its verdict takes them. */
struct nightly_runs {
	struct run *run[NIGHTLY_STEPS]; /* NULL: not begun */
	const struct run *of[NIGHT_PARTS][NIGHTLY_STEPS];
	struct night_files files[NIGHT_PARTS];
};
/* Those of steps from @first to before @end. To be freed in any case. 0, or an exit code. */
int nightly_load(const struct nightly *nightly, enum nightly_step first, enum nightly_step end,
		 struct nightly_runs *runs);
void nightly_free_runs(struct nightly_runs *runs);

/* nightly_output.c: to whoever wants to know. 0, or an exit code after one line. */
int nightly_tell(struct nightly *nightly);

/* "trimm: " and a line on stderr, unless --quiet. */
void nightly_say(const struct nightly *nightly, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* CLI_NIGHTLY_H */
