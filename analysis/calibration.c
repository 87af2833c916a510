/* SPDX-License-Identifier: GPL-2.0-only */
/* calibration.c - looks costs up; see calibration.h. */
#include "calibration.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const struct unit_cost_info unit_cost_info[UNIT_COSTS] = {
#define UNIT_COST(name, unit, at, about) {#name, unit, at, about},
#include "unit_costs.def"
#undef UNIT_COST
};

void calibration_free(struct calibration *calibration)
{
	if (!calibration)
		return;
	arena_free(&calibration->arena);
	free(calibration);
}

const struct unit_cost *calibration_cost(const struct calibration *calibration,
					 enum unit_cost_name name, double at)
{
	for (size_t i = 0; i < calibration->n; i++) {
		const struct unit_cost *cost = &calibration->cost[i];

		if (cost->name == name && cost->at == at && !isnan(cost->value))
			return cost;
	}
	return NULL;
}

/* The measured value next to @at from below or above; NULL: none there. */
static const struct unit_cost *neighbour(const struct calibration *calibration,
					 enum unit_cost_name name, double at, bool above)
{
	const struct unit_cost *found = NULL;

	for (size_t i = 0; i < calibration->n; i++) {
		const struct unit_cost *cost = &calibration->cost[i];

		if (cost->name != name || isnan(cost->value) ||
		    (above ? cost->at <= at : cost->at > at))
			continue;
		if (!found || (above ? cost->at < found->at : cost->at > found->at))
			found = cost;
	}
	return found;
}

double calibration_at(const struct calibration *calibration, enum unit_cost_name name, double at)
{
	const struct unit_cost *low = neighbour(calibration, name, at, false);
	const struct unit_cost *high = neighbour(calibration, name, at, true);

	if (!low && !high)
		return NAN;
	/* Below the least or above the greatest: along the nearest two, if there are two. */
	if (!low) {
		low = high;
		high = neighbour(calibration, name, low->at, true);
	} else if (!high) {
		high = low;
		low = neighbour(calibration, name, nextafter(high->at, -INFINITY), false);
	}
	if (!low || !high)
		return (low ? low : high)->value;
	return fmax(low->value + (high->value - low->value) * (at - low->at) / (high->at - low->at),
		    0);
}

char *calibration_path(const char *results, const char *machine, const char *suffix)
{
	char *path;

	return asprintf(&path, "%s/calibration/%s%s", results, machine, suffix) < 0 ? NULL : path;
}
