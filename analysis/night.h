/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * night.h - what one nightly found: a file of results/nights, results/night-1.schema.json.
 *
 * A night compares the core of one commit, HEAD, with that of another, the pinned reference, case
 * by case: first what was counted, then what was timed, then both together. Files are the truth;
 * a history is what the files of a machine say in the order of their time.
 *
 * Everything below a struct night belongs to it and goes with night_free(). Who fills one gets its
 * texts and arrays from the functions below; numbers that are not there are NAN, texts NULL.
 */
#ifndef ANALYSIS_NIGHT_H
#define ANALYSIS_NIGHT_H

#include "compare.h"

/* Counts and time together (DESIGN.md says how they combine). */
enum night_verdict {
	NIGHT_REGRESSION,	  /* both worse */
	NIGHT_REGRESSION_COUNTED, /* counts worse, time not resolved */
	NIGHT_SLOWDOWN,		  /* time worse twice, counts not */
	NIGHT_TRADE_OFF,	  /* one better, the other worse */
	NIGHT_IMPROVEMENT,
	NIGHT_NO_DIFFERENCE,
	NIGHT_INCONCLUSIVE,
	NIGHT_NOT_COMPARABLE,
	NIGHT_SKIPPED,
	NIGHT_VERDICTS
};
/* "regression (confirmed)", "slowdown, cause not in counted events", ... */
const char *night_verdict_name(enum night_verdict verdict);

/* What may give exit code 3; a case that both call worse gives it always. */
enum night_gate { GATE_BOTH, GATE_EXACT, GATE_TIME };
/* "both", "exact", "time". */
const char *night_gate_name(enum night_gate gate);
/* -1: there is no such. */
int night_gate_from_name(const char *name);

struct night_commit {
	const char *commit; /* 40 hex digits */
	const char *subject, *author_date;
	bool dirty;
};

struct night_counter {
	const char *name, *unit;
	enum better better;
	double reference, head; /* NAN: that core counts no such thing */
	enum verdict verdict;
};

struct night_exact {
	enum verdict verdict; /* of all its counters */
	const char *why;      /* NULL: nothing to say */
	size_t nr_counters;
	struct night_counter *counters; /* all that are judged, equal ones too */
};

/* head / reference, its family-wise interval, the change that is not judged. */
struct night_time {
	enum verdict verdict;
	const char *metric, *unit, *why;
	double reference, head; /* medians of an operation */
	double ratio, low, high, floor;
	double effect; /* compare.h; NAN: none */
	size_t n;      /* processes, or blocks of one */
	/* The second invocation; VERDICT_COUNT: there was none. */
	enum verdict again;
	double again_ratio, again_low, again_high;
};

struct night_case {
	const char *series; /* 16 hex digits */
	const char *workload, *label, *target;
	bool has_exact, has_time;
	struct night_exact exact;
	struct night_time time;
	enum night_verdict verdict;
	const char *accepted_commit, *accepted_reason; /* NULL both: it was not */
};

/* The three parts a night measures. */
enum night_part { NIGHT_EXACT, NIGHT_TIME, NIGHT_AGAIN, NIGHT_PARTS };

struct night_runs {
	size_t nr;
	const char **id;
};

struct night {
	const char *path;		     /* NULL: it is in no file yet */
	const char *id, *started, *finished; /* finished: NULL while it is not */
	const char *status, *why;	     /* "ok", "partial", "failed" */
	const char *repo, *suite, *version, *summary;
	const char *machine; /* NULL: nothing was measured yet */
	struct night_commit head, reference;
	double threshold;
	enum night_gate gate;
	struct night_runs runs[NIGHT_PARTS];
	size_t nr_cases;
	struct night_case *cases;
	int exit; /* -1: it is not finished */
};

/* Empty, with GATE_BOTH, threshold 0.02, status "partial", exit -1; NULL: no memory. */
struct night *night_new(void);
void night_free(struct night *night);
/* The night's own copy of @text; NULL for NULL. Without memory "", and night_save() will fail. */
const char *night_text(struct night *night, const char *text);
/* 0, or -1: no memory. */
int night_add_run(struct night *night, enum night_part part, const char *id);
/*
 * One more case, without counts or time, skipped; pointers to earlier cases are no longer good.
 * NULL: no memory.
 */
struct night_case *night_add_case(struct night *night);
/* Forget all cases: they are judged anew. */
void night_clear_cases(struct night *night);
/* Room for so many, zeroed; NULL: no memory. */
struct night_counter *night_counters(struct night *night, size_t nr);

/*
 * 0, or -1 with @error set and *out NULL: unreadable, damaged, of a newer version, or against
 * the schema.
 */
int night_load(const char *path, struct night **out, struct run_error *error);
/*
 * Written beside @path and moved there, so that whoever reads it finds all of it or what was there
 * before. Folders are made. 0, or -1 with @error set.
 */
int night_save(const struct night *night, const char *path, struct run_error *error);

/* How counts and time combine to a case's verdict; NULL: there is none of these. */
enum night_verdict night_combine(const struct night_exact *exact, const struct night_time *time);
/*
 * 3 something regressed that the gate watches; 4 a trade-off, something inconclusive or not
 * comparable, or no case at all; 77 all skipped; 0 fine. Accepted cases are left out.
 */
int night_exit_code(const struct night *night);
/*
 * "trimm: regressed 0, improved 1, unchanged 37, inconclusive 1, not comparable 0, skipped 3",
 * and if there are any ", trade-off 2", ", accepted 1". Returns @buffer.
 */
const char *night_summary(const struct night *night, char *buffer, size_t size);

#endif /* ANALYSIS_NIGHT_H */
