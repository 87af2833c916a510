/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * detector.h - where a row of nightly values changed its level for good.
 *
 * Weak points of E-divisive, and each of the last few nights, are tested against the stretches
 * beside them; the weakest goes, and those next to it are tested anew, until all that are left are
 * certain and large (step.h). Measured error rates: `make stats-check`.
 */
#ifndef ANALYSIS_DETECTOR_H
#define ANALYSIS_DETECTOR_H

#include <stddef.h>

struct detector {
	/*
	 * Chance of a split like this or a less likely one between two given stretches. Hunter
	 * takes 0.001 for a row that is looked at once; ours is looked at every night, at many
	 * places, and is to raise a false alarm in 1 of 100 rows of 60 nights. More: it does so
	 * more often; less: later alarms, for k nights after n give no less than
	 * 2 / (n + k over k): 4 after 20 are enough for 0.0002, and 3 after 37.
	 */
	double p;
	/* Change of the level that matters, 0.02; more where single nights vary by 1 % and more. */
	double threshold;
	/* Nights whose distances are looked at together, and most that a test takes of a side. */
	size_t window;
};
#define DETECTOR_DEFAULTS ((struct detector){0.0002, 0.02, 50})
/* Fewer nights hold no change: 8 on either side are the fewest of both that do. */
#define DETECTOR_NIGHTS_LEAST 16

struct detected {
	size_t at; /* the first night after the change */
	/*
	 * The last and the first of two nights in turn that lie nearer to the level before, and
	 * after, it. The change is between them in 98 of 100 rows of normal noise, in 94 with
	 * disturbed nights, in 83 where nights have two modes (make stats-check).
	 */
	size_t good, bad;
	double before, after; /* medians of up to 10 nights next to it */
	double p;
};

/*
 * Changes of values above 0, such as ratios, in the order of nights; free() *out. Returns how
 * many.
 */
size_t detector_find(const double *values, size_t n, const struct detector *detector,
		     struct detected **out);

/* The same for counts, which do not vary: each that is off the one before by more than @slack. */
size_t detector_find_exact(const double *values, size_t n, double slack, struct detected **out);

#endif /* ANALYSIS_DETECTOR_H */
