/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcp.h - per-CPU lists in front of the zones, one for each place (zone.h) and order. See pcp.c.
 *
 * Single frames are kept as pfns in an array, last in first out, and the last one freed in a
 * field of its own: a free followed by an allocation then passes one value through memory and
 * never waits for a counter to be read, changed and written twice. Blocks of a few larger
 * orders are linked through their frames.
 */
#ifndef MMCORE_PCP_H
#define MMCORE_PCP_H

#include "zone.h"

#define PCP_NONE 0xffffffffU

/* Single frames of one place. */
struct pcp_list {
	uint32_t hot; /* the pfn freed last while this was PCP_NONE */
	uint32_t count;
	uint32_t high; /* a free that finds so many drains; moves between its two bounds */
	uint32_t high_max;
	uint32_t *pfn; /* count of them, the warmest last */
	/* The rest is for refilling and draining. */
	uint32_t room;	  /* entries of pfn[] */
	uint32_t settled; /* count after the last refill or drain */
	uint32_t freed;	  /* net frees since the last refill, as far as drains have seen them */
	uint32_t scale;	  /* the next refill takes batch << scale */
	uint32_t drained; /* and the next drain, while frees go on, gives batch << drained */
} __attribute__((aligned(64)));

/* Orders 1, 2, 3 and 9, as in Linux; others go to the zone. */
#define PCP_BLOCK_LISTS 4

struct pcp {
	struct pcp_list list[PLACES];
	struct frame_list blocks[PLACES][PCP_BLOCK_LISTS];
	unsigned int moves; /* refills and drains, for the decay */
};

/* Bytes of the arrays of pfns of all CPUs; and, after zones_init(), the lists in them. */
size_t pcp_bytes(const struct tri_config *config);
void pcp_init(struct tri_core *core, const struct tri_config *config, uint32_t *pfn);

/* Inside, on this CPU's list. */
static inline uint32_t pcp_pop(struct pcp_list *list)
{
	uint32_t pfn = list->hot, count;

	if (__builtin_expect(pfn != PCP_NONE, 1)) {
		__atomic_store_n(&list->hot, PCP_NONE, __ATOMIC_RELAXED);
		return pfn;
	}
	count = list->count;
	if (__builtin_expect(!count, 0))
		return PCP_NONE;
	count--;
	pfn = list->pfn[count];
	__atomic_store_n(&list->count, count, __ATOMIC_RELAXED);
	return pfn;
}

/* False: it is full. */
static inline bool pcp_push(struct pcp_list *list, uint32_t pfn)
{
	uint32_t count;

	if (__builtin_expect(list->hot == PCP_NONE, 1)) {
		__atomic_store_n(&list->hot, pfn, __ATOMIC_RELAXED);
		return true;
	}
	count = list->count;
	if (__builtin_expect(count >= list->high, 0))
		return false;
	list->pfn[count] = pfn;
	__atomic_store_n(&list->count, count + 1, __ATOMIC_RELAXED);
	return true;
}

/*
 * Inside: fill this CPU's empty list of @zone and @type with up to @most frames; false if the
 * zone has none, or lists are not used.
 */
bool pcp_refill(struct tri_core *core, struct pcp *pcp, struct zone *zone, enum migratetype type,
		unsigned long most);
/* Inside: make room in the list of @place and push @pfn. */
void pcp_push_full(struct tri_core *core, struct pcp *pcp, unsigned int place, uint32_t pfn);

/* Inside: a block of @order >= 1 from this CPU's lists, CACHED, or NULL. */
struct frame *pcp_pop_block(struct tri_core *core, struct pcp *pcp, unsigned int place,
			    unsigned int order);
/* Inside: false if lists don't take such a block, or no more of them. */
bool pcp_push_block(struct tri_core *core, struct pcp *pcp, struct frame *frame,
		    unsigned int order);

/* Give this CPU's frames back to their zones. */
void pcp_drain(struct tri_core *core);
/* Give back those of all CPUs; the others must be stopped, or not inside the core. */
void pcp_drain_all(struct tri_core *core);
/* Frames on the lists of one place, blocks included; without a lock, so a little old. */
unsigned long pcp_count(const struct pcp *pcp, unsigned int place);
/* Frames on all CPUs' lists; without a lock, so a little old. */
unsigned long pcp_frames(const struct tri_core *core);

#endif /* MMCORE_PCP_H */
