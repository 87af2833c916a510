/* SPDX-License-Identifier: GPL-2.0-only */
/* hold.c - see hold.h. */
#include "hold.h"

/* Where memory comes on touch it is not held before. */
static void touch_all(char *memory, unsigned long bytes)
{
	for (unsigned long at = 0; at < bytes; at += TRI_PAGE_SIZE)
		__atomic_store_n(memory + at, 1, __ATOMIC_RELAXED);
	__atomic_store_n(memory + bytes - 1, 1, __ATOMIC_RELAXED);
}

void hold_count(struct bench_arm *arm, void *memory, uintptr_t what, unsigned long bytes,
		struct bench_hold *out)
{
	if (arm->arm->subject->has_memory)
		touch_all(memory, bytes);
	out->requested += bytes;
	out->usable += arm->api->usable ? arm->api->usable(memory, what) : bytes;
}

void hold_fill(struct bench_arm *arm, uint32_t min, uint32_t max, struct bench_hold *out)
{
	struct bench_random *random = &arm->workers[0].random;
	enum subject_family family = arm->workload->family;

	while (out->requested < HOLD_BYTES && arm->nr_kept < BENCH_OBJECTS) {
		uint32_t drawn = min + bench_random_below(random, max - min + 1);
		uintptr_t what = family == SUBJECT_CACHE ? arm->state[0] : drawn;
		unsigned long bytes = family == SUBJECT_PAGES ? TRI_PAGE_SIZE << drawn : drawn;
		void *memory = arm->api->alloc(what);

		if (!memory)
			return;
		hold_count(arm, memory, what, bytes, out);
		arm->kept[arm->nr_kept++] = (struct bench_kept){memory, what};
	}
}
