/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_maker.h - histories of random calls, written as a trace and kept to be held against it. */
#ifndef UNIT_TRACE_MAKER_H
#define UNIT_TRACE_MAKER_H

#include <stddef.h>

#include "atrace.h"
#include "trace/record/writer.h"

struct trace_shape {
	uint64_t seed;
	size_t calls;
	unsigned int lanes, live; /* live: objects at one time, at most */
	unsigned int remote;	  /* per cent of the frees */
	bool caches, pages, areas;
};

/* What a reader must find: events as they were meant, by object and not by slot. */
struct trace_step {
	uint64_t time, what;
	uint32_t object; /* the how manieth allocation it is, or frees */
	uint8_t kind, lane;
};

struct trace_history {
	struct trace_step *step; /* of all calls, and of the ends; NULL if not to be kept */
	size_t n, room;
	struct atrace_totals totals;
};

/* Write a history to @fd; *@history, unless NULL, is to be freed by trace_history_free(). */
void trace_make(int fd, const struct trace_shape *shape, struct trace_history *history);
void trace_history_free(struct trace_history *history);

#endif /* UNIT_TRACE_MAKER_H */
