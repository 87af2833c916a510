/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas_parts.h - what the answers of areas= share: objects taken before a lock and given
 * back after it (areas_parts.c), trees of areas by address (areas_tree.c), and free ranges in
 * a tree that knows the largest below each node (areas_ranges.c).
 */
#ifndef MMCORE_AREAS_PARTS_H
#define MMCORE_AREAS_PARTS_H

#include "areas.h"

/* Objects for what a change under a lock may need, or may leave over. */
struct area_spares {
	struct area *first;
};

/* Add @n objects. False: no frame left, and @spares is empty. */
bool area_spares_fill(struct tri_core *core, struct area_spares *spares, unsigned int n);
void area_spares_release(struct tri_core *core, struct area_spares *spares);

static inline struct area *area_spares_take(struct area_spares *spares)
{
	struct area *area = spares->first;

	spares->first = area->next;
	return area;
}

static inline void area_spares_add(struct area_spares *spares, struct area *area)
{
	area->next = spares->first;
	spares->first = area;
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
	area->home = 0;
}

/* The rest of @area from @pages on becomes @tail. */
static inline void area_cut(struct area *area, struct area *tail, unsigned long pages)
{
	area_begin(tail, area_start(area) + (pages << TRI_PAGE_SHIFT), area->pages - pages);
	tail->state = AREA_WAITING;
	tail->flags = AREA_TAIL;
	tail->home = area->home;
	area->pages = (uint32_t)pages;
}

static inline uintptr_t area_align(uintptr_t addr, unsigned long align_pages)
{
	unsigned long align = align_pages << TRI_PAGE_SHIFT;

	return (addr + align - 1) & ~(align - 1);
}

void area_view(const struct area *area, struct area_view *out);

/* Of areas=list, whose links stand where a tree's would: the area above, or NULL. */
static inline struct area *area_list_next(const struct area *area)
{
	return area_of(area->node.child[RBT_RIGHT]);
}

/* For all that have trees of areas; these lock. */
void area_tree_insert(struct area_tree *busy, struct area *area);
void area_tree_erase(struct area_tree *busy, struct area *area);
struct area *area_tree_find(struct area_tree *busy, uintptr_t start, bool retire);
bool area_tree_look(struct area_tree *busy, uintptr_t addr, struct area_view *out);
/* The lowest that ends above @addr, or NULL. Locked. */
struct area *area_tree_above(const struct area_tree *busy, uintptr_t addr);

/* The whole window is one free range, if there is a frame for it. 0 or -ENOMEM. */
int ranges_init(struct tri_core *core);
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

#endif /* MMCORE_AREAS_PARTS_H */
