/* SPDX-License-Identifier: GPL-2.0-only */
/* access_curve.c - see access_curve.h. */
#include "access_curve.h"
#include "statistics.h"

#include <math.h>
#include <string.h>

/* Pages up to which any first-level TLB and cache hold all. */
#define HIT_MOST 16
/* Where rises are looked for; TLBs of today have 16 to 256 and 512 to 4,096 entries. */
#define DTLB_MOST 512
#define STLB_MOST 6144
/* Where walks are read, in sizes of the second-level TLB. */
#define WALK_FROM 1.4
#define WALK_TO	  3
/* ns that stand for less in a logarithm: what the clock resolves over a slice. */
#define LEAST_NS 0.1
/* Of a plateau over the one before it; less may be a cache's or the clock's. */
#define RISE_LEAST 1.08

bool access_curve_add(struct access_curve *curve, const struct curve_point *point)
{
	size_t place = 0;

	if (curve->n == CURVE_POINTS_MAX)
		return false;
	while (place < curve->n && curve->point[place].pages < point->pages)
		place++;
	memmove(&curve->point[place + 1], &curve->point[place],
		(curve->n - place) * sizeof(*point));
	curve->point[place] = *point;
	curve->n++;
	return true;
}

/* The median of points first .. end - 1 and of the ends of their intervals, without caches. */
static struct curve_level level_of(const struct access_curve *curve, size_t first, size_t end)
{
	double ns[CURVE_POINTS_MAX], low[CURVE_POINTS_MAX], high[CURVE_POINTS_MAX];
	size_t n = 0;

	for (size_t i = first; i < end; i++, n++) {
		const struct curve_point *point = &curve->point[i];

		ns[n] = point->ns - point->cache;
		low[n] = point->low - point->cache;
		high[n] = point->high - point->cache;
	}
	return (struct curve_level){statistics_median(ns, n), statistics_median(low, n),
				    statistics_median(high, n)};
}

static double misfit(const struct access_curve *curve, size_t first, size_t end)
{
	double sum = 0, squares = 0, n = (double)(end - first);

	for (size_t i = first; i < end; i++) {
		double value = log(fmax(curve->point[i].ns - curve->point[i].cache, LEAST_NS));

		sum += value;
		squares += value * value;
	}
	return squares - sum * sum / n;
}

/* The last point before the rise among points first .. end - 1, or curve->n. */
static size_t find_rise(const struct access_curve *curve, size_t first, size_t end)
{
	struct curve_level lower, upper;
	double least = INFINITY;
	size_t last = curve->n;

	for (size_t split = first + 1; split < end; split++) {
		double sum = misfit(curve, first, split) + misfit(curve, split, end);

		if (sum < least) {
			least = sum;
			last = split - 1;
		}
	}
	if (last == curve->n)
		return curve->n;
	lower = level_of(curve, first, last + 1);
	upper = level_of(curve, last + 1, end);
	return upper.ns > RISE_LEAST * lower.ns && upper.low > lower.high ? last : curve->n;
}

/* The first point of more than @pages pages. */
static size_t beyond(const struct access_curve *curve, double pages)
{
	size_t i = 0;

	while (i < curve->n && curve->point[i].pages <= pages)
		i++;
	return i;
}

static struct curve_level difference(struct curve_level upper, struct curve_level lower)
{
	return (struct curve_level){upper.ns - lower.ns, upper.low - lower.high,
				    upper.high - lower.low};
}

static const struct curve_level unknown = {NAN, NAN, NAN};

void access_curve_read(struct access_curve *curve)
{
	size_t none = curve->n, end, first;

	curve->dtlb = curve->stlb = none;
	curve->tlb_hit = curve->stlb_hit = curve->walk = unknown;
	end = beyond(curve, HIT_MOST);
	if (end)
		curve->tlb_hit = level_of(curve, 0, end);
	curve->dtlb = find_rise(curve, 0, beyond(curve, DTLB_MOST));
	if (curve->dtlb == none)
		return;
	curve->stlb = find_rise(curve, curve->dtlb + 1, beyond(curve, STLB_MOST));
	end = curve->stlb == none ? beyond(curve, DTLB_MOST) : curve->stlb + 1;
	/* The first point after a rise is often on the slope. */
	first = curve->dtlb + 2;
	if (first >= end)
		return;
	curve->stlb_hit = difference(level_of(curve, first, end), curve->tlb_hit);
	if (curve->stlb == none)
		return;
	end = beyond(curve, WALK_TO * curve->point[curve->stlb].pages);
	if (beyond(curve, WALK_FROM * curve->point[curve->stlb].pages) < end)
		curve->walk = difference(
			level_of(curve, beyond(curve, WALK_FROM * curve->point[curve->stlb].pages),
				 end),
			level_of(curve, first, curve->stlb + 1));
}
