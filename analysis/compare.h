/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare.h - which of two is better, and is that certain: the arms of one run, or two runs.
 *
 * A comparison is a list of groups, one per case and pair of values compared; a group
 * is a list of rows, one per metric. Exact counters are judged by their values, total time
 * by the interval of the median of its per-pair log ratios; all else is shown only.
 */
#ifndef ANALYSIS_COMPARE_H
#define ANALYSIS_COMPARE_H

#include "run.h"
#include "statistics.h"

#include <stdio.h>

enum verdict {
	VERDICT_REGRESSED,
	VERDICT_IMPROVED,
	VERDICT_UNCHANGED, /* time: no difference resolved; counter: equal or within tolerance */
	VERDICT_INCONCLUSIVE,
	VERDICT_NOT_COMPARABLE,
	VERDICT_SKIPPED,	/* of a host that lacks something */
	VERDICT_NOT_APPLICABLE, /* of a subject that has no such thing anywhere */
	VERDICT_SHOWN,		/* not judged */
	VERDICT_COUNT
};
/* "regressed", "not comparable", ... */
const char *verdict_name(enum verdict verdict);

/* In the order rows of a group come. */
enum row_kind {
	ROW_OUTCOME, /* why the group as a whole is skipped or not comparable */
	ROW_TIME,    /* metric "total": judged */
	ROW_EXACT,   /* exact counter: judged if it has a better direction */
	ROW_SAMPLES, /* other time metrics */
	ROW_COUNTER, /* counters of the timed phase, per operation */
};

struct compare_options {
	/* Relative change that matters, 0.02. More: small regressions pass; less: false alarms. */
	double threshold;
	/* That no interval of the judged time rows misses, 0.95. More needs more blocks. */
	double confidence;
	/* Value of the factor to compare with; NULL: the first in the file. */
	const char *base;
};
#define COMPARE_DEFAULTS ((struct compare_options){0.02, 0.95, NULL})

struct compare_row {
	enum row_kind kind;
	const char *metric, *unit; /* of the values below; ROW_OUTCOME: "" both */
	enum better better;
	enum metric_class class;
	/* Medians or counts; NAN: none. half: half its own interval, same unit; NAN: none. */
	double base, base_half, next, next_half;
	/* next / base with its interval; NAN where undefined. Paired unless the file is two. */
	double ratio, low, high;
	size_t n;      /* pairs behind the ratio: blocks, or processes; 0: a count */
	double effect; /* judge_effect() over processes; NAN: none */
	double floor; /* relative change that is not judged: noise, a counter's threshold; or NAN */
	double slack; /* absolute one of an operation, of a counter; 0: none */
	enum verdict verdict;
	const char *why; /* NULL if there is nothing to say */
};

/*
 * The pair as one of several processes measured it. copy: the base loaded a second time (core=copy
 * of the same build), whose distance from it is noise; or NULL.
 */
struct compare_process {
	const struct bench *base, *next, *copy;
};

struct compare_group {
	const char *workload;
	const char *label; /* parameters that vary: "nr_pages=1 cpus=2"; may be "" */
	const char *base_name, *next_name; /* "eager", "lazy", or run ids */
	const struct bench *base, *next;   /* borrowed from the runs, which must outlive this */
	/*
	 * All of them, if the case was run in several processes; then base and next are the
	 * first's, and times are medians over processes of medians over blocks. 0: it was one.
	 */
	size_t nr_processes;
	struct compare_process *processes;
	bool trade_off; /* judged rows went both ways */
	size_t nr_rows;
	struct compare_row *rows;
};

/* Total time over all cases that compare base_name with next_name. */
struct compare_geomean {
	const char *base_name, *next_name, *unit;
	double base, next, ratio;
	size_t n; /* cases */
};

struct comparison {
	const char *title;  /* "20261121T114720-3f9a by flush" */
	const char *factor; /* "flush"; NULL: two runs that differ in none */
	bool paired;	    /* measured side by side: by a factor of arms */
	size_t nr_groups, nr_geomeans, nr_footnotes;
	struct compare_group *groups;
	struct compare_geomean *geomeans;
	const char **footnotes;
	size_t count[VERDICT_COUNT]; /* rows by verdict */
};

/*
 * Compare arms of one run that differ in @factor; if no case has such arms, cases that differ in
 * it: then unpaired, so that time is shown and exact counters alone are judged. 0, or -1 with
 * @error set.
 */
int compare_by(const struct run *run, const char *factor, const struct compare_options *options,
	       struct comparison **out, struct run_error *error);
/* The same of one invocation whose cases, or processes of cases, are in several files. */
int compare_files_by(const struct run *const *runs, size_t nr_runs, const char *factor,
		     const struct compare_options *options, struct comparison **out,
		     struct run_error *error);
/*
 * Compare the benches that two runs have in common; with @factor, a parameter's name or NULL,
 * those that have all but that in common. 0; or, with @error set, 1 if there are none, -1 if
 * something failed.
 */
int compare_runs(const struct run *base, const struct run *next, const char *factor,
		 const struct compare_options *options, struct comparison **out,
		 struct run_error *error);
void comparison_free(struct comparison *comparison);

/*
 * True if something regressed, but only in cases where something else improved: a choice
 * between two designs rather than a fault.
 */
bool compare_is_trade_off(const struct comparison *comparison);
/* 3 something regressed; 4 inconclusive, not comparable, or nothing judged; 77 all skipped or
 * not applicable; 0 fine.
 */
int compare_exit_code(const struct comparison *comparison);

/*
 * One sentence: "lazy against eager: total time 3.1x faster (geomean of 10 cases),
 * shootdowns 1/310, slowest frees (p99.99) 41x longer"; of several values beside one, their
 * times alone. Returns @buffer.
 */
const char *compare_headline(const struct comparison *comparison, char *buffer, size_t size);
/*
 * "trimm: regressed 0, improved 14, unchanged 3, inconclusive 0, not comparable 0, skipped 0",
 * and if there are any ", not applicable 2".
 */
const char *compare_summary(const struct comparison *comparison, char *buffer, size_t size);

enum compare_format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_MARKDOWN,
	FORMAT_JUNIT,
};
/* -1 if there is no such format. */
int compare_format_from_name(const char *name);
/* @verbose: rows without a difference one by one too, and all reasons. Text: 120 columns. */
void compare_print(const struct comparison *comparison, enum compare_format format, bool verbose,
		   FILE *out);

/* A value for people: "812 ns", "2.82 µs", "32,768", "0.031"; in @buffer. */
const char *compare_format_value(double value, const char *unit, char *buffer, size_t size);
/*
 * A change for people: "-17.20% [-18.1 .. -16.3] n=12", "~ [-0.3 .. +0.4] n=12", "41.2x"; over
 * processes "+5.02% [+4.8 .. +5.3] n=19 d=12", d being the effect size.
 */
const char *compare_format_change(const struct compare_row *row, char *buffer, size_t size);

#endif /* ANALYSIS_COMPARE_H */
