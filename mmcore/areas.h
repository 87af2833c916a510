/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas.h - who has which addresses of the window? A policy; each answer is a file
 * areas_<answer>.c with the functions of POLICY_areas below and a line in policies.def.
 *
 * An area includes its guard: its last page is never mapped. Sizes are in pages, guard
 * included; addresses that one area and no other has are one caller's, who may read and
 * write them without a lock.
 */
#ifndef MMCORE_AREAS_H
#define MMCORE_AREAS_H

#include "cpus.h"
#include "rbtree.h"
#include "tri.h"

enum area_state {
	AREA_FREE,    /* a free range, as long as it can be */
	AREA_LIVE,    /* handed out */
	AREA_WAITING, /* freed, reusable after a flush */
	AREA_KEPT,    /* free, but kept aside for an area of its size: areas=nodes */
};

enum area_flag {
	AREA_TAIL = 1 << 0, /* cut off: the page before it was mapped, too, and needs the flush */
};

/* A range of addresses, whatever its state. */
struct area {
	struct rbt_node node; /* key: first address; weight: bytes if free, else 0 */
	union {
		struct area *next;	 /* in a list of areas that are not LIVE */
		unsigned long requested; /* bytes, the owner's, while LIVE: area_describe() */
	};
	uint32_t pages;
	uint8_t state; /* enum area_state */
	uint8_t kind;  /* what is mapped, the owner's; 0 from areas_alloc() */
	uint8_t flags; /* enum area_flag */
	uint8_t home;  /* whose pool it goes back to: areas=nodes, else 0 */
};
#define AREA_SIZE 64
_Static_assert(sizeof(struct area) == AREA_SIZE, "an area fills one cache line");
#define AREA_MAX_PAGES (~(uint32_t)0) /* of a window: 16 TiB */

/* Areas by address, whatever state but FREE. */
struct area_tree {
	plat_spinlock_t lock; /* of all areas in it: their states and pages; a leaf */
	struct rbt_tree tree;
	unsigned long live;
};

/* areas=rbtree: where the next search starts. */
struct area_search {
	struct area *from;	    /* behind this one; NULL: at the start of the window */
	unsigned long largest_hole; /* bytes, of those below; measured for this alignment: */
	unsigned long align_pages;
};

/* areas=nodes: a CPU's pools, and the areas of every n-th zone of the window. */
#define AREA_POOLS 256
struct area_node {
	struct area_tree busy;
	plat_spinlock_t pool_lock TRI_PAD; /* a leaf */
	struct area *pool[AREA_POOLS];	   /* by size, a page and more */
	unsigned long kept[AREA_POOLS];
} TRI_PAD;

struct areas {
	struct area_tree busy; /* but of areas=nodes; its lock guards all of this */
	struct rbt_tree free;  /* ranges, by weight: areas=augmented and =nodes */
	struct area *lowest;   /* areas=list */
	struct area_search search;
	struct area_node *node; /* an array behind the CPUs; fixed from init on */
	unsigned int nodes;	/* 0 but with areas=nodes */
};

/* What areas_look() tells of an area, as it was for an instant. */
struct area_view {
	uintptr_t start, end; /* guard included */
	enum area_state state;
	unsigned int kind;	 /* these two: while LIVE */
	unsigned long requested; /* bytes */
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

/* The owner of a live area says what it is for; areas_look() may read it meanwhile. */
static inline void area_describe(struct area *area, unsigned int kind, unsigned long requested)
{
	__atomic_store_n(&area->kind, (uint8_t)kind, __ATOMIC_RELAXED);
	__atomic_store_n(&area->requested, requested, __ATOMIC_RELAXED);
}

/* The whole window becomes free. 0 or -ENOMEM. */
int areas_init(struct tri_core *core);

/*
 * A live area of @pages that starts at a multiple of @align_pages, a power of two; or NULL:
 * no room, or no frame for the object. At the lowest address with room; with an alignment,
 * perhaps a higher one. Its kind and requested size are 0.
 */
struct area *areas_alloc(struct tri_core *core, unsigned long pages, unsigned long align_pages);
/* The live area that starts at @start, which stays its owner's; else NULL. */
struct area *areas_find(struct tri_core *core, uintptr_t start);
/* The live area that starts at @start, now WAITING and the caller's; else NULL. */
struct area *areas_retire(struct tri_core *core, uintptr_t start);
/*
 * The addresses may be handed out again: they were never mapped, or flushed since they
 * were. The area is gone. With areas=nodes, they may be kept aside until areas_decay().
 */
void areas_free(struct tri_core *core, struct area *area);

/*
 * Extend @area, live and the caller's, to @pages, more than it has. 0, or -ENOMEM: the
 * addresses behind it are not free, nothing has changed. Its old guard may then be mapped.
 */
int areas_grow(struct tri_core *core, struct area *area, unsigned long pages);
/*
 * Cut @area, live and the caller's, down to @pages, fewer than it has. What is cut off is an
 * area of its own, WAITING and the caller's; NULL if there is no object for it, and nothing
 * has changed. The caller clears the entries of the new last page, now the guard, and of all
 * behind it, then calls flush_retire(): the flush of a tail covers the guard before it, so
 * that areas_grow() can't lead to mapping over a stale translation.
 */
struct area *areas_shrink(struct tri_core *core, struct area *area, unsigned long pages);

/*
 * The lowest area, live or waiting, that ends above @addr: what has @addr, or comes next.
 * False if there is none. Ask again from out->end to walk them all in order of address.
 */
bool areas_look(struct tri_core *core, uintptr_t addr, struct area_view *out);
/* How many are live. */
unsigned long areas_live(struct tri_core *core);
/* Free ranges again: all areas that are kept aside, or of each size a quarter. */
void areas_decay(struct tri_core *core, bool all);
/* Whether free ranges are objects, too, and tile the window with the areas. */
bool areas_keep_ranges(const struct tri_core *core);
/* areas=nodes: which node's tree has an area that starts at @start. */
unsigned int areas_nodes_zone(const struct areas *areas, uintptr_t start);
/* How many nodes this configuration has, 0: it needs none. */
unsigned int areas_nodes_count(const struct tri_config *config);

#define POLICY_areas(answer, text, about)                                                         \
	int areas_##answer##_init(struct tri_core *core);                                         \
	struct area *areas_##answer##_alloc(struct tri_core *core, unsigned long pages,           \
					    unsigned long align_pages);                           \
	struct area *areas_##answer##_find(struct tri_core *core, uintptr_t start, bool retire);  \
	void areas_##answer##_free(struct tri_core *core, struct area *area);                     \
	int areas_##answer##_grow(struct tri_core *core, struct area *area, unsigned long pages); \
	void areas_##answer##_shrink(struct tri_core *core, struct area *area, struct area *tail, \
				     unsigned long pages);                                        \
	bool areas_##answer##_look(struct tri_core *core, uintptr_t addr, struct area_view *out);
#include "policies.def"

#endif /* MMCORE_AREAS_H */
