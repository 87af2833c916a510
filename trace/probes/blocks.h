/* SPDX-License-Identifier: GPL-2.0-only */
/* blocks.h - how long a case's blocks took with probes in and out, and what probes cost by that. */
#ifndef TRACE_PROBES_BLOCKS_H
#define TRACE_PROBES_BLOCKS_H

#include "common.h"
#include "trace_cost.h"

#include <stdbool.h>

struct blocks_series {
	double *ns; /* an operation, by block */
	size_t count;
	double operations; /* of all blocks */
};

struct blocks {
	struct blocks_series out[TRACE_ARMS], in[TRACE_ARMS];
};

/* All that was said is forgotten. */
void blocks_clear(struct blocks *blocks);
/*
 * What is behind "blocks" in that question of trace_socket.h, "ARM on|off OPS T T ...": more blocks
 * of that arm. False: it is something else, or there is no memory.
 */
bool blocks_take(struct blocks *blocks, const char *words);
/* What @events of that arm cost. */
struct trace_cost blocks_cost(const struct blocks *blocks, unsigned int arm, double events);

#endif /* TRACE_PROBES_BLOCKS_H */
