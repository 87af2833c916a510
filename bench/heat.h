/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * heat.h - latencies over time, for heat maps: a coarse histogram a column.
 *
 * A run's length is not known beforehand: when the columns are used up, neighbours are
 * merged and columns stand for twice the time. Between 64 and 128 columns are in use.
 */
#ifndef BENCH_HEAT_H
#define BENCH_HEAT_H

#include "histogram.h"

#define HEAT_COLUMNS  128
#define HEAT_SUB_BITS 2 /* 4 rows a power of two: as fine as a plot can show */
#define HEAT_ROWS     ((64 - HEAT_SUB_BITS + 1) << HEAT_SUB_BITS)

struct heat {
	uint64_t width; /* ticks a column stands for */
	uint64_t now;	/* the arm's own time: its slices end to end */
	unsigned int used;
	struct heat_column {
		uint64_t n, max;
		uint32_t count[HEAT_ROWS];
	} column[HEAT_COLUMNS];
};

void heat_init(struct heat *heat, uint64_t width);
/* A slice of @ticks with these operations; it counts where it began. */
void heat_add(struct heat *heat, const struct histogram *slice, uint64_t ticks);

#endif /* BENCH_HEAT_H */
