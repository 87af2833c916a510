/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * access_curve.h - what an access costs over the number of pages that are accessed in turn,
 * one line of each: as long as the first-level TLB holds them all it is cheap, then the
 * second level answers, then each access walks the page tables. Where the curve rises says
 * how large they are; how far it rises says what a miss costs.
 */
#ifndef ANALYSIS_ACCESS_CURVE_H
#define ANALYSIS_ACCESS_CURVE_H

#include <stdbool.h>
#include <stddef.h>

#define CURVE_POINTS_MAX 64

/*
 * Median ns of an access to one of @pages pages, and its interval; @cache: what of it the
 * caches alone add to a hit, taken from as many loads of whole pages; 0 if that is unknown.
 */
struct curve_point {
	double pages, ns, low, high, cache;
};

/* A cost in ns with its interval; NAN: not seen. */
struct curve_level {
	double ns, low, high;
};

struct access_curve {
	size_t n;
	struct curve_point point[CURVE_POINTS_MAX]; /* by rising number of pages */
	/* The last point before a rise; @n: the curve shows none. */
	size_t dtlb, stlb;
	struct curve_level tlb_hit;  /* of an access */
	struct curve_level stlb_hit; /* on top of that */
	struct curve_level walk;     /* on top of both */
};

/* Add a point; false if there is no room. Points may come in any order. */
bool access_curve_add(struct access_curve *curve, const struct curve_point *point);
/*
 * Find the rises and the levels.
 *
 * Each page adds a line to what the caches hold, so what they add is taken off each point
 * first. A rise is where two plateaus, each the geometric mean of its points, fit a stretch
 * best (least squares of logarithms), if the median of the upper is at least 8 % higher and
 * the intervals do not meet. The first TLB's is looked for up to 512 pages, the second's
 * from beyond it up to 6,144.
 *
 * Levels are medians: hits of up to 16 pages; STLB hits of the points between the rises;
 * walks of those from 1.4 to 3 times the second rise, where nearly every access walks and
 * the caches still hold the page tables. A walk that must fetch its entries from memory
 * costs many times more: the right end of the curve.
 */
void access_curve_read(struct access_curve *curve);

#endif /* ANALYSIS_ACCESS_CURVE_H */
