/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * history.h - what nights of one machine say of a series, in the order of time.
 *
 * A series is a case's; with a metric it is a row of values, one a night: the ratio of HEAD to the
 * pinned reference for time, the count of HEAD for what is exact. Ratios and counts may be put
 * beside those of another machine, times never, so there are none here.
 */
#ifndef ANALYSIS_HISTORY_H
#define ANALYSIS_HISTORY_H

#include "accepted.h"
#include "detector.h"
#include "store.h"

struct history_point {
	const char *night, *started, *commit, *subject; /* of HEAD */
	const char *reference;				/* commit */
	double value, low, high;			/* low, high: NAN for counts */
};

struct history_change {
	size_t at;	      /* the first point after it */
	size_t good, bad;     /* points between whose commits it surely is */
	double before, after; /* medians */
	double change;	      /* after / before - 1 */
	double p;	      /* of the rank test; 0 for a count, where one other value is enough */
	bool worse;	      /* by the series' better direction */
	bool stands;	      /* worse, not accepted, and not undone by what came after */
	const char *accepted; /* the reason, or NULL */
};

struct history_series {
	const char *series, *workload, *label, *target, *machine;
	const char *metric, *unit; /* "total", "ratio"; or a counter's */
	bool exact;
	enum better better;
	size_t nr_points, nr_changes;
	struct history_point *points;
	struct history_change *changes;
	/*
	 * What of a change from night to night is noise: Q3 + 3 IQR of the last 30 |changes|, as
	 * rustc-perf has it. For ranking alone. NAN: fewer than 8.
	 */
	double noise;
	/* The largest change that is not accepted, in multiples of the noise; 0: none. */
	double rank;
};

struct history_night {
	const char *night, *started, *status, *machine, *commit, *subject, *reference, *repo;
};

struct history {
	const char *machine; /* whose history it is; NULL: that of all */
	size_t nr_series, nr_nights;
	struct history_series *series; /* by workload, label, target; counts first, then time */
	struct history_night *nights;  /* by their time */
	size_t nr_others;	       /* machines with nights that are left out */
};

struct history_options {
	/* NULL: the machine of the newest night; its fingerprint, or the beginning of it. */
	const char *machine;
	/* Series of all machines, each a row of its own. */
	bool across;
	struct detector detector;
	const struct accepted *accepted;	/* NULL: none */
	const struct accepted_commits *commits; /* NULL: by the names of commits alone */
};
#define HISTORY_DEFAULTS ((struct history_options){.detector = DETECTOR_DEFAULTS})

/*
 * From the index, whose nights are up to date (store_import_nights()). 0, or -1 with @error set:
 * there are no nights; no machine, or more than one, begins so; a failure of the index.
 */
int history_load(struct store *store, const struct history_options *options, struct history **out,
		 struct run_error *error);
void history_free(struct history *history);

/*
 * Detect changes of a series anew and fill in all that follows from them; changes are free()d by
 * history_free(). For those who put points together by hand, as tests do.
 */
void history_judge(struct history_series *series, const struct history_options *options);

#endif /* ANALYSIS_HISTORY_H */
