/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fault.h - allocations that fail because a test asked for it, by count, probability and
 * size: Linux's failslab, fail_page_alloc (lib/fault-inject.c), and one more kind for "each
 * allocation site in turn". Check level 1 and above; at level 0 nothing of it is compiled in.
 */
#ifndef MMCORE_FAULT_H
#define MMCORE_FAULT_H

#include "platform.h"

struct tri_core;

enum tri_fault_site {
	TRI_FAULT_SLAB,	 /* an object of a kmem_cache; size: its bytes */
	TRI_FAULT_PAGES, /* a block of frames asked of the page allocator; size: its bytes */
	TRI_FAULT_AREA,	 /* room in the window; size: the bytes asked for */
	TRI_FAULT_SITES
};

/* All zero: nothing fails. */
struct tri_fault {
	unsigned long after;		  /* this many calls succeed first */
	unsigned long interval;		  /* then one in so many is a candidate; 0: none fails */
	unsigned long ppm;		  /* of the candidates fail; 0 means all */
	unsigned long times;		  /* failures left; 0: without end */
	unsigned long size_min, size_max; /* only these sizes; size_max 0: no limit */
	uint64_t random;		  /* state of the generator, not 0 where ppm is used */
};

/*
 * For tests, while no CPU is inside the core; check level 1 and above, as are the next two.
 * Only calls of the sizes asked for are counted, from 0 again. The first candidate is the one
 * after the @after that succeed.
 */
void tri_fault_set(struct tri_core *core, enum tri_fault_site site, const struct tri_fault *fault);
/* Calls seen and failures made at @site since it was set. */
unsigned long tri_fault_calls(const struct tri_core *core, enum tri_fault_site site);
unsigned long tri_fault_failures(const struct tri_core *core, enum tri_fault_site site);

#if TRI_CHECK_LEVEL >= 1
/* Of one site. */
struct fault_state {
	plat_spinlock_t lock; /* a leaf: what is asked for and what was counted, together */
	struct tri_fault fault;
	unsigned long calls, failures;
};

/* Whether this call shall fail. Any context. */
bool fault_fails(struct tri_core *core, enum tri_fault_site site, unsigned long size);
#else
static inline bool fault_fails(struct tri_core *core, enum tri_fault_site site, unsigned long size)
{
	(void)core, (void)site, (void)size;
	return false;
}
#endif

#endif /* MMCORE_FAULT_H */
