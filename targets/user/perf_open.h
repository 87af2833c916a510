/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf_open.h - counters of perf_list.h opened by libperf: which of them this machine has, and of
 * a worker's thread, or CPU, all of these. No counter is shared between slots.
 */
#ifndef USER_PERF_OPEN_H
#define USER_PERF_OPEN_H

#include "perf_list.h"

struct perf_answer {
	const char *avail; /* "ok", or as of host_counter_avail() */
	char why[200];	   /* "" if ok */
};

/* Can this thread have @counter, of itself or, @cpu not negative, of that CPU? Fills in config. */
void perf_try(struct perf_counter *counter, int cpu, struct perf_answer *out);

/* False: no counter of the CPU's own can be had here, or not by us: @out says why. */
bool perf_has_pmu(struct perf_answer *out);
/* May a thread read such counters of its own without a system call (RDPMC)? */
bool perf_has_rdpmc(struct perf_answer *out);

/* Do those @m of @list count at once? Of this thread; each alone has been tried. */
bool perf_fits(const struct perf_list *list, const unsigned int *which, unsigned int m);

/* Counters that are open; what perf_slot_read() does is the calling thread's own matter. */
struct perf_slot;
/*
 * Those of @list, in the packs that perf_pack() made of them, of the calling thread or of @cpu;
 * they count from now on. NULL with errno: none stays open.
 */
struct perf_slot *perf_slot_open(const struct perf_list *list, const unsigned int *pack,
				 unsigned int packs, int cpu);
/* As it stands, not scaled: counted for @running of @enabled ns. False: it could not be read. */
bool perf_slot_read(struct perf_slot *slot, unsigned int counter, uint64_t *value,
		    uint64_t *enabled, uint64_t *running);
void perf_slot_close(struct perf_slot *slot);

#endif /* USER_PERF_OPEN_H */
