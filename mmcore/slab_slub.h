/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_slub.h - the parts of SLUB that sheaves and tri_check() see: a cache's private
 * struct, and the two words of a slab.
 */
#ifndef MMCORE_SLAB_SLUB_H
#define MMCORE_SLAB_SLUB_H

#include "core.h"
#include "sheaves.h"

/* slab_private() of a cache. */
struct slub {
	unsigned int offset;	  /* of the link in a free object */
	unsigned int min_order;	  /* one object's, where cache->order can't be had */
	unsigned int min_partial; /* empty slabs stay while there are fewer partial ones */
	unsigned int cpu_partial; /* slabs on a CPU's partial list */
	unsigned long slabs, frames, objects; /* all there are; atomic */
	struct barn barn TRI_PAD;

	plat_spinlock_t lock TRI_PAD; /* the list, and who is on it */
	struct frame_list partial;    /* some objects free; unfrozen */
};

static inline struct slub *slub_of(struct kmem_cache *cache)
{
	return slab_private(cache);
}

/*
 * A slab's words: the first of its own free objects, and its counters, changed as one. All
 * objects of a frozen slab's CPU list count as in use.
 */
#define SLUB_INUSE   0xffffUL
#define SLUB_OBJECTS (0x7fffUL << 16)
#define SLUB_FROZEN  (1UL << 31)

static inline unsigned long slub_inuse(uint64_t counters)
{
	return counters & SLUB_INUSE;
}

static inline unsigned long slub_objects(uint64_t counters)
{
	return (counters & SLUB_OBJECTS) >> 16;
}

/* frame->prev of a slab that is on no node's list; read and written under slub.lock. */
#define SLUB_UNLISTED UINT32_MAX

static inline void *slub_next(const struct slub *slub, const void *object)
{
	return *(void *const *)((const char *)object + slub->offset);
}

/* The first frame of the slab @frame is in: of the usual order, or of the least. */
static inline struct frame *slub_head(struct kmem_cache *cache, struct frame *frame)
{
	struct frame *base = cache->core->frames.frame;
	unsigned long index = (unsigned long)(frame - base);
	struct frame *head = base + (index & ~((1UL << cache->order) - 1));

	if (TRI_UNLIKELY(frame_kind(head) != FRAME_KIND(FRAME_SLAB, cache->order)))
		head = base + (index & ~((1UL << slub_of(cache)->min_order) - 1));
	return head;
}

/* Past the sheaves. Any number of objects up to @n; how many. */
unsigned long slub_take(struct kmem_cache *cache, tri_gfp_t gfp, unsigned long n, void **objects);
/* All of them; @objects is scratch afterwards. */
void slub_put(struct kmem_cache *cache, unsigned long n, void **objects);

#endif /* MMCORE_SLAB_SLUB_H */
