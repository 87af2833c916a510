/* SPDX-License-Identifier: GPL-2.0-only */
/* heat.c - latencies over time; see heat.h. */
#include "heat.h"

void heat_init(struct heat *heat, uint64_t width)
{
	memset(heat, 0, sizeof(*heat));
	heat->width = width ? width : 1;
}

static void column_merge(struct heat_column *to, const struct heat_column *from)
{
	to->n += from->n;
	if (from->max > to->max)
		to->max = from->max;
	for (unsigned int i = 0; i < HEAT_ROWS; i++)
		to->count[i] += from->count[i];
}

static void halve(struct heat *heat)
{
	for (unsigned int i = 0; i < HEAT_COLUMNS / 2; i++) {
		if (i)
			heat->column[i] = heat->column[2 * i];
		column_merge(&heat->column[i], &heat->column[2 * i + 1]);
	}
	memset(&heat->column[HEAT_COLUMNS / 2], 0, sizeof(heat->column) / 2);
	heat->width *= 2;
	heat->used = (heat->used + 1) / 2;
}

void heat_add(struct heat *heat, const struct histogram *slice, uint64_t ticks)
{
	struct heat_column *column;
	unsigned int last;

	while (heat->now / heat->width >= HEAT_COLUMNS)
		halve(heat);
	column = &heat->column[heat->now / heat->width];
	if (heat->used <= heat->now / heat->width)
		heat->used = heat->now / heat->width + 1;
	heat->now += ticks;
	if (!slice->n)
		return;
	column->n += slice->n;
	if (slice->max > column->max)
		column->max = slice->max;
	last = histogram_index(slice->max, HISTOGRAM_SUB_BITS);
	for (unsigned int i = histogram_index(slice->min, HISTOGRAM_SUB_BITS); i <= last; i++) {
		if (slice->count[i])
			column->count[histogram_index(histogram_low(i, HISTOGRAM_SUB_BITS),
						      HEAT_SUB_BITS)] += slice->count[i];
	}
}
