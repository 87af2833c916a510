/* SPDX-License-Identifier: GPL-2.0-only */
/* bisect_range.c - what the answers of all commits together allow to say. */
#include "bisect_rules.h"

#include <math.h>
#include <string.h>

/* It was on @side, and nothing measured anew says another. */
static bool holds(const struct bisect_point *point, enum bisect_side side)
{
	return point->side == side && (point->again == BISECT_NONE || point->again == side);
}

/*
 * The ends are what they are: their difference was proved. Between them, the last commit that is
 * surely as the old end and the first after it that is surely as the new one; what was measured
 * anew and is no longer sure opens the range to the next that is.
 */
struct bisect_range bisect_conclude(const struct bisect_point *points, size_t n)
{
	struct bisect_range range = {0, n - 1, false};
	size_t first_new = n - 1;

	for (size_t i = n - 1; i > 0; i--)
		if (points[i].side == BISECT_NEW)
			first_new = i;
	for (size_t i = 0; i < first_new; i++)
		if (holds(&points[i], BISECT_OLD))
			range.old = i;
	for (size_t i = n - 1; i > range.old; i--)
		if (holds(&points[i], BISECT_NEW))
			range.new = i;
	range.found = range.new == range.old + 1 &&
		      points[range.old].again == BISECT_OLD &&points[range.new].again == BISECT_NEW;
	return range;
}

size_t bisect_nr_measured(const struct bisection *bisection)
{
	size_t n = 0;

	for (size_t i = 0; i < bisection->n; i++)
		n += bisection->points[i].order != 0;
	return n;
}

double bisect_share(const struct bisection *bisection)
{
	const struct bisect_oracle *oracle = &bisection->oracle;
	const struct bisect_point *before, *after;

	if (!bisection->range.found)
		return NAN;
	before = &bisection->points[bisection->range.old];
	after = &bisection->points[bisection->range.new];
	if (oracle->exact)
		return (log1p(after->anew.value) - log1p(before->anew.value)) /
		       (log1p(oracle->new) - log1p(oracle->old));
	return (after->anew.value - before->anew.value) / (oracle->new - oracle->old);
}
