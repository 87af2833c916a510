/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas_ranges.h - for the answers of areas=: objects taken before a lock, given back after
 * it; and free ranges in a tree that knows the largest below each node.
 */
#ifndef MMCORE_AREAS_RANGES_H
#define MMCORE_AREAS_RANGES_H

#include "areas.h"

/* Objects for what a change under a lock may need, or may leave over. */
struct area_spares {
	struct area *object[2];
	unsigned int count;
};

/* @n objects, 1 or 2. False: no frame left, and @spares is empty. */
bool area_spares_fill(struct tri_core *core, struct area_spares *spares, unsigned int n);
void area_spares_release(struct tri_core *core, struct area_spares *spares);

static inline struct area *area_spares_take(struct area_spares *spares)
{
	return spares->object[--spares->count];
}

static inline void area_spares_add(struct area_spares *spares, struct area *area)
{
	spares->object[spares->count++] = area;
}

/* An area that its caller may hand out: live, with nothing said about it. */
static inline void area_begin(struct area *area, uintptr_t start, unsigned long pages)
{
	area->node.key = start;
	area->node.weight = 0;
	area->requested = 0;
	area->pages = (uint32_t)pages;
	area->state = AREA_LIVE;
	area->kind = 0;
	area->flags = 0;
}

/* The rest of @area from @pages on becomes @tail. */
static inline void area_cut(struct area *area, struct area *tail, unsigned long pages)
{
	area_begin(tail, area_start(area) + (pages << TRI_PAGE_SHIFT), area->pages - pages);
	tail->state = AREA_WAITING;
	tail->flags = AREA_TAIL;
	area->pages = (uint32_t)pages;
}

void area_view(const struct area *area, struct area_view *out);
/* Of a tree of areas by address: the lowest that ends above @addr, or NULL. */
struct area *area_above(const struct rbt_tree *used, uintptr_t addr);
/* Of such a tree: the live area that starts at @start, if @retire now WAITING, or NULL. */
struct area *area_find_live(const struct rbt_tree *used, uintptr_t start, bool retire);

/* How many spares ranges_take() may need. */
static inline unsigned int ranges_spares(unsigned long align_pages)
{
	return align_pages > 1 ? 2 : 1;
}
/* Cut an area from a free range; NULL: none is large enough. *steps += nodes visited. */
struct area *ranges_take(struct rbt_tree *free, unsigned long pages, unsigned long align_pages,
			 struct area_spares *spares, unsigned long *steps);
/* Cut @pages from the free range that starts at @start; false: there is none that large. */
bool ranges_take_at(struct rbt_tree *free, uintptr_t start, unsigned long pages,
		    struct area_spares *spares);
/* Add @area, in one piece with the free ranges it touches; what is left over goes to @spares. */
void ranges_give(struct rbt_tree *free, struct area *area, struct area_spares *spares);

#endif /* MMCORE_AREAS_RANGES_H */
