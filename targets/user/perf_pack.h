/* SPDX-License-Identifier: GPL-2.0-only */
/* perf_pack.h - which counters count at the same time: groups, no larger than the PMU can take. */
#ifndef USER_PERF_PACK_H
#define USER_PERF_PACK_H

#include <stdbool.h>

/*
 * Number the packs of @n counters, wanted[i] being the group counter i should be in: pack[i] is
 * equal for those that count at the same time, from 0 on without gaps, each of one group alone and
 * of neighbours in it. fits(@arg, which, m) says whether the PMU takes those @m, indexes of
 * counters, at once; one alone always does. Returns how many packs.
 */
unsigned int perf_pack(const unsigned int *wanted, unsigned int n,
		       bool (*fits)(void *arg, const unsigned int *which, unsigned int m),
		       void *arg, unsigned int *pack);

#endif /* USER_PERF_PACK_H */
