/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf_list.h - what perf= asks for, as a list of counters: "off", "auto" (all of perf_events.def),
 * or names joined by '+': of groups, of events, and of tracepoints as system:event. Pure: whether
 * this machine has them is for perf_open.h to find out.
 */
#ifndef USER_PERF_LIST_H
#define USER_PERF_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tri.h"

enum { PERF_COUNTERS_MAX = 64, PERF_NAME_MAX = 112 };

enum perf_side { PERF_SIDE_BOTH, PERF_SIDE_USER, PERF_SIDE_KERNEL };

struct perf_counter {
	char name[PERF_NAME_MAX]; /* "perf_dtlb_loads_user"; of a tracepoint "perf_tlb:tlb_flush" */
	const char *unit;
	enum tri_better better;
	enum perf_side side;
	unsigned int group; /* of equal ones both are counted at the same time */
	uint32_t type;	    /* enum perf_type_id of linux/perf_event.h */
	uint64_t config;    /* PERF_TYPE_RAW: an enum perf_raw; of a tracepoint not known yet */
};

struct perf_list {
	bool automatic; /* what can't be had is left out, not reported missing */
	unsigned int n;
	struct perf_counter counter[PERF_COUNTERS_MAX];
};

/* Within its name, what perf= calls it: "dtlb_loads_user", "tlb:tlb_flush". */
static inline const char *perf_event(const struct perf_counter *counter)
{
	return counter->name + sizeof("perf_") - 1;
}

/* 0 and *list; else -EINVAL, and what is wrong in @why, a sentence without an end. */
int perf_list_parse(const char *text, struct perf_list *list, char *why, size_t size);

/* "core, dtlb, ...": what groups there are. */
const char *perf_list_groups(void);

#endif /* USER_PERF_LIST_H */
