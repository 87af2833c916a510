/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_slab.h - what slab=slab keeps, shared by its files: arrays of free objects, one a CPU
 * and one for all, in front of lists of slabs. Names and rules are those of Linux's mm/slab.c
 * (6.1; it left with 6.8).
 *
 *	a CPU's array <-> node->shared <-> node->partial, free, full
 *
 * An array is used by its CPU alone, inside tri_enter(); all of the node, and each slab's
 * frame words, under node->lock, which is taken inside. A slab without objects in use is
 * collected on a list of the caller's and freed after tri_leave().
 */
#ifndef MMCORE_SLAB_SLAB_H
#define MMCORE_SLAB_SLAB_H

#include "core.h"
#include "slab_debug.h"

/*
 * An index into a slab's objects. A byte is enough as Linux found: pages of 4 KiB and objects
 * of 16 bytes or more, so SLAB_MIN_SIZE x 256 is a page.
 */
typedef uint8_t slab_index_t;
#define SLAB_MAX_OBJECTS 255
#define SLAB_MIN_SIZE	 16

/* Where a slab's array of free indices lies; Linux's CFLGS_OBJFREELIST_SLAB, CFLGS_OFF_SLAB. */
enum slab_management {
	SLAB_IN_OBJECT, /* in the free object that will be handed out last: costs nothing */
	SLAB_OFF_SLAB,	/* in an object of kmalloc's: packs large objects better */
	SLAB_ON_SLAB,	/* at the slab's end */
};

/* What the node remembers of a CPU's array; its CPU's, inside. */
struct slab_use {
	uint32_t seen; /* its count at the last reaping */
	bool touched;  /* it was filled or emptied since */
};

struct slab_node {
	plat_spinlock_t lock;
	struct frame_list full, partial, free;
	unsigned long free_objects; /* on the lists; those in arrays count as used */
	struct slab_array *shared;  /* NULL: none */
	bool shared_touched;
	bool free_touched; /* a free slab was needed since the last reaping */
	uint64_t reaped;   /* tick */
	unsigned int colour_next;

	/* Fixed from setup on. */
	enum slab_management management;
	unsigned int limit, batch; /* of a CPU's array: its room, what is moved at once */
	unsigned int shared_limit; /* 0: shall have no shared array */
	unsigned long free_limit;  /* of free_objects; above it free slabs are given back */
	unsigned int colours;	   /* slabs start at so many different offsets */
	unsigned int colour_step;  /* bytes: a cache line, or align */
	uint64_t reciprocal;	   /* of size */
	struct slab_use use[];	   /* of each CPU */
} TRI_PAD;

/* frame->word of a slab's first frame. */
struct slab_words {
	slab_index_t *freelist; /* objects [active, objects) of it are free; NULL: none is */
	uint32_t first;		/* of its objects: bytes from the slab's start */
	uint32_t active;	/* objects handed out, to arrays too */
} __attribute__((may_alias));
_Static_assert(sizeof(struct slab_words) == 16, "fits frame->word");

static inline struct slab_node *slab_node(const struct kmem_cache *cache)
{
	return slab_private((struct kmem_cache *)cache);
}

static inline struct slab_words *slab_words(struct frame *slab)
{
	return (struct slab_words *)slab->word;
}

static inline char *slab_objects(struct frame *slab)
{
	return (char *)plat_pfn_to_ptr(slab->pfn) + slab_words(slab)->first;
}

/* slab_slabs.c: slabs and their lists. */

/* Choose order, objects, size, management and colours for the cache's object; or -EINVAL. */
int slab_lay_out(struct kmem_cache *cache);
/* A new slab on no list, all of it free; or NULL. May sleep if @gfp says so. */
struct frame *slab_grow(struct kmem_cache *cache, tri_gfp_t gfp);
/* Put it on its list. Locked. */
void slab_add(struct kmem_cache *cache, struct frame *slab);
/* Up to @n objects of @slab, which is on no list, to @objects; how many. */
unsigned int slab_take(struct kmem_cache *cache, struct frame *slab, void **objects,
		       unsigned int n);
/* The slab to take from next, off its list, or NULL. Locked. */
struct frame *slab_next(struct kmem_cache *cache);
/* Objects back to their slabs; those no longer needed go to @dead. Locked. */
void slab_free_block(struct kmem_cache *cache, void **objects, unsigned int n,
		     struct frame_list *dead);
/* Up to @n free slabs to @dead. Locked. */
void slab_shed(struct kmem_cache *cache, unsigned long n, struct frame_list *dead);
/* Give back what is on @dead: how many slabs. Outside of locks and gates. */
unsigned long slab_destroy(struct kmem_cache *cache, struct frame_list *dead);
/* @object starts an object of the slab that holds it. */
bool slab_valid(const struct kmem_cache *cache, const struct frame *frame, const void *object);
/* The block that holds @frame. */
static inline struct frame *slab_of(const struct kmem_cache *cache, struct frame *frame)
{
	return frame - (frame->pfn & ((1UL << cache->order) - 1));
}

/* slab_slab.c */

/* This CPU's array; a debugged cache hides it from the fast path. May be core->slab.none. */
static inline struct slab_array **slab_array_slot(struct slab_cpu *local,
						  const struct kmem_cache *cache)
{
	return slab_debugged(cache) ? &local->spare : &local->array;
}
/* The @n oldest of @array to their slabs. Locked. */
void slab_drain(struct kmem_cache *cache, struct slab_array *array, unsigned int n,
		struct frame_list *dead);

/* slab_reap.c */

/* Drain what this CPU and the node have not used lately, if the time has come. Unpinned. */
void slab_reap_due(struct tri_core *core);

#endif /* MMCORE_SLAB_SLAB_H */
