/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bisect_rules.h - which commit changed a value: what is asked of each commit, what its answer is
 * worth, and what all answers together allow to say.
 *
 * Two ends of a line of commits differ in a metric, the oracle. Each commit measured between them
 * is on the old end's side of the middle, or on the new one's, or can't be judged. A commit is
 * named only if it and the one before it were measured twice, and on two sides each time; else
 * what is left is a range.
 */
#ifndef ANALYSIS_BISECT_RULES_H
#define ANALYSIS_BISECT_RULES_H

#include "run.h"
#include "statistics.h"

#include <stdio.h>

/* An exact counter of one case. */
struct bisect_count {
	char *name, *unit;
	enum better better;
	bool stable; /* the same in each repeat */
	double value, ops;
	double tolerance, slack; /* changes up to which it has not changed: struct counter */
};

/* What a commit was measured at, as the cache of a bisection keeps it. */
struct bisect_measured {
	size_t nr_counts;
	struct bisect_count *counts; /* exact: all there are */
	size_t n;
	double *logs; /* timed: of each process the median of ln(this / good end) */
	char *run;    /* id */
};

/*
 * All exact counters of the run's only case. 0, or -1 with @why: it was skipped, failed, or counted
 * nothing.
 */
int bisect_read_counts(const struct run *run, struct bisect_measured *out, char *why, size_t size);
/*
 * Of the arm core=@next, beside the arm core=@base, the median ln ratio of total time in each
 * process. The same; too few values are no error here.
 */
int bisect_read_times(const struct run *run, const char *base, const char *next,
		      struct bisect_measured *out, char *why, size_t size);
/* As it goes into the cache; and back, -1 if it is not one. */
json_t *bisect_measured_json(const struct bisect_measured *measured);
int bisect_measured_from_json(const json_t *json, struct bisect_measured *out);
void bisect_measured_free(struct bisect_measured *measured);

/* A value with what it is known to: of a count all the same. NAN: none. */
struct bisect_value {
	double value, low, high;
	size_t n;
};

/* What is asked of each commit. */
struct bisect_oracle {
	char *metric, *unit; /* a counter's; or "total", "ratio" */
	bool exact;
	enum better better;
	double old, new; /* of the ends, in time: counts; or ln of the ratio to the good end */
	double middle;	 /* between them, in log space; of counts in ln(1 + x), for they may be 0 */
	double least;	 /* change up to which it has not changed; of time in ln */
	double ops;	 /* of a count: operations it was counted over; 0: it stands for itself */
	double confidence; /* of each interval of time */
};

enum bisect_difference {
	BISECT_DIFFER,
	BISECT_ALIKE,	/* in no counter that is judged, or not in the one asked for */
	BISECT_SWAPPED, /* only better where worse was said to be */
	BISECT_NO_METRIC,
	BISECT_INCONCLUSIVE, /* of time: the noise hides it */
};

/*
 * Choose the counter that the bad end is worse in, by the largest factor; or @metric, whichever
 * way it has changed if neither is better. @bad_is_new: the bad end is the later one.
 * BISECT_NO_METRIC: there is no such counter on both ends, or it does not repeat.
 */
enum bisect_difference bisect_choose_count(const struct bisect_measured *good,
					   const struct bisect_measured *bad, const char *metric,
					   bool bad_is_new, struct bisect_oracle *out);
/*
 * The same of time, over a line of so many commits: @bad beside the good end, @copy the good end
 * beside itself. They differ if the interval lies wholly beyond the threshold and the floor, as in
 * every comparison (judge.h). *between gets the bad end's value. INCONCLUSIVE: neither that nor
 * alike.
 */
enum bisect_difference bisect_choose_time(const struct bisect_measured *copy,
					  const struct bisect_measured *bad, double threshold,
					  bool bad_is_new, size_t commits,
					  struct bisect_value *between, struct bisect_oracle *out);
void bisect_oracle_free(struct bisect_oracle *oracle);
/*
 * How many intervals, at most, a bisection over @commits may rest on: two for each step and for the
 * ends, three for each of the two neighbours at the end, one for what stands between them; rounded
 * up. And how many processes an interval needs at least.
 */
size_t bisect_looks(size_t commits);
size_t bisect_processes(size_t commits);

enum bisect_side {
	BISECT_NONE, /* not measured */
	BISECT_OLD,
	BISECT_NEW,
	BISECT_UNCLEAR, /* the interval holds the middle, or there is no value */
	BISECT_SKIPPED, /* can't be built, run or compared */
};

struct bisect_value bisect_value_of(const struct bisect_oracle *oracle,
				    const struct bisect_measured *measured);
enum bisect_side bisect_judge(const struct bisect_oracle *oracle, const struct bisect_value *value);

/* What `git bisect run` is told (git-bisect(1)). */
enum bisect_code {
	BISECT_CODE_OLD = 0,
	BISECT_CODE_NEW = 1,
	BISECT_CODE_SKIP = 125,
	BISECT_CODE_ABORT = 129, /* and more: git ends the bisection and blames nobody */
};
enum bisect_code bisect_code(enum bisect_side side);
/* Any other a step may end with, 2, 126, 127 and what signals make among them: abort. */
enum bisect_code bisect_code_safe(int code);

/* A commit of the line. */
struct bisect_point {
	char *commit, *subject, *author_date;
	enum bisect_side side, again; /* again: measured anew, at the end */
	struct bisect_value value, anew;
	char *why; /* skipped or unclear; NULL: nothing to say */
	bool cached;
	double seconds; /* to build and measure */
	size_t order;	/* in which it was measured, from 1; 0: it was not */
};

/* What is left: the first changed one is one of (old, new], places in the line. */
struct bisect_range {
	size_t old, new;
	bool found; /* one commit, and both sides measured twice agree */
};
struct bisect_range bisect_conclude(const struct bisect_point *points, size_t n);

enum bisect_status { BISECT_FOUND, BISECT_UNCLEAR_RANGE, BISECT_INTERRUPTED, BISECT_FAILED };

struct bisection {
	const char *id, *repo, *workload, *words; /* words: all of the case, as typed */
	const char *started, *machine, *version;
	const char *log;	    /* file */
	const char *command;	    /* that asks the same again */
	const char *const *by_hand; /* commands that measure what was found, ended by NULL; or NULL
				     */
	bool bad_is_new;
	struct bisect_oracle oracle;
	size_t n;
	struct bisect_point *points; /* the older end first, the later one last */
	struct bisect_range range;
	enum bisect_status status;
	const char *why, *figure; /* NULL: none */
	double seconds;
};

/* How many were measured at least once, by this call or one before it. */
size_t bisect_nr_measured(const struct bisection *bisection);
/* How much of the whole difference the commit found makes, 0..1 and beyond; NAN: none was. */
double bisect_share(const struct bisection *bisection);
/* "old", "new", "unclear" ...; and as people say it: "fast", "slow", "as good", "as bad". */
const char *bisect_side_name(enum bisect_side side);
const char *bisect_side_word(const struct bisection *bisection, enum bisect_side side);
/* A count; or the change of time in per cent, with its interval; "-": none. In @buffer. */
const char *bisect_value_text(const struct bisection *bisection, const struct bisect_value *value,
			      char *buffer, size_t size);
/* "flush_range 32 -> 320 flushes (10x)", "total time +5.02%"; in @buffer. */
const char *bisect_change_text(const struct bisection *bisection, double before, double after,
			       char *buffer, size_t size);
/* "trimm: bisect: 1f2e3d4 is the first slow commit: flush_range 32 -> 320, ..."; in @buffer. */
const char *bisect_summary(const struct bisection *bisection, char *buffer, size_t size);

enum bisect_format { BISECT_TEXT, BISECT_JSON, BISECT_MARKDOWN };
/* -1 if there is no such. */
int bisect_format_from_name(const char *name);
void bisect_print(const struct bisection *bisection, enum bisect_format format, FILE *out);

#endif /* ANALYSIS_BISECT_RULES_H */
