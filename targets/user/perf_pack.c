/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perf_pack.c - see perf_pack.h. Each counter joins the pack before it if that still fits, else it
 * begins one: a group that is too large becomes a few that take turns, and none is lost.
 */
#include "perf_pack.h"
#include "perf_list.h"

unsigned int perf_pack(const unsigned int *wanted, unsigned int n,
		       bool (*fits)(void *arg, const unsigned int *which, unsigned int m),
		       void *arg, unsigned int *pack)
{
	unsigned int which[PERF_COUNTERS_MAX], packs = 0;
	bool placed[PERF_COUNTERS_MAX] = {false};

	for (unsigned int first = 0; first < n; first++) {
		unsigned int m = 0;

		if (placed[first])
			continue;
		for (unsigned int i = first; i < n; i++) {
			if (placed[i] || wanted[i] != wanted[first])
				continue;
			which[m] = i;
			if (m && !fits(arg, which, m + 1))
				break;
			pack[i] = packs;
			placed[i] = true;
			m++;
		}
		packs++;
	}
	return packs;
}
