/* SPDX-License-Identifier: GPL-2.0-only */
/* areas.h - who has which addresses of the window. See areas.c. */
#ifndef MMCORE_AREAS_H
#define MMCORE_AREAS_H

#include "rbtree.h"
#include "tri.h"

enum area_state {
	AREA_FREE,    /* a free range, as long as it can be: in the tree of free ranges */
	AREA_LIVE,    /* handed out: in the tree of areas */
	AREA_WAITING, /* freed, reusable after a flush: still in the tree of areas */
};

/* A range of addresses, whatever its state. An area includes its guard page. */
struct area {
	struct rbt_node node; /* key: first address; weight: bytes if free, else 0 */
	struct area *next;    /* for the flush policy while WAITING */
	uint32_t pages;
	uint32_t state; /* enum area_state */
};
#define AREA_SIZE 64
_Static_assert(sizeof(struct area) == AREA_SIZE, "an area fills one cache line");
#define AREA_MAX_PAGES (~(uint32_t)0) /* of a window: 16 TiB */

struct areas {
	plat_spinlock_t lock; /* both trees, every area's state, live */
	struct rbt_tree free; /* ranges, by weight: first fit in O(log n) */
	struct rbt_tree used; /* areas; together with the free ranges they tile the window */
	unsigned long live;
};

static inline uintptr_t area_start(const struct area *area)
{
	return area->node.key;
}

/* Bytes of address space, guard included; a page less is mapped. */
static inline unsigned long area_bytes(const struct area *area)
{
	return (unsigned long)area->pages << TRI_PAGE_SHIFT;
}

static inline uintptr_t area_end(const struct area *area)
{
	return area->node.key + area_bytes(area);
}

static inline struct area *area_of(struct rbt_node *node)
{
	return (struct area *)node; /* its first member; NULL stays NULL */
}
_Static_assert(offsetof(struct area, node) == 0, "area_of() is a cast");

/* The whole window becomes one free range. 0 or -ENOMEM. */
int areas_init(struct tri_core *core);
/* A live area of @pages at the lowest address with room, or NULL. */
struct area *areas_alloc(struct tri_core *core, unsigned long pages);
/* The live area that starts at @start, now WAITING and the caller's; else NULL. */
struct area *areas_retire(struct tri_core *core, uintptr_t start);
/*
 * The addresses may be handed out again: they were never mapped, or flushed since they
 * were. The area is gone.
 */
void areas_free(struct tri_core *core, struct area *area);

#endif /* MMCORE_AREAS_H */
