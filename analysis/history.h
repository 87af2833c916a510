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

#include "night.h"

struct history_point {
	const char *night, *started, *commit, *subject; /* of HEAD */
	const char *reference;				/* commit */
	double value, low, high;			/* low, high: NAN for counts */
};

struct history_change {
	size_t at;	      /* the first point after it */
	double before, after; /* medians */
	double change;	      /* after / before - 1 */
	double p;	      /* of the rank test; 0 for a count, where one other value is enough */
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
	double noise; /* Q3 + 3 IQR of the last 30 |changes| from night to night; NAN: too few */
};

struct history {
	size_t nr_series, nr_nights;
	struct history_series *series;
};

#endif /* ANALYSIS_HISTORY_H */
