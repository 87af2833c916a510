/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_slob.h - what slab=slob keeps: pages cut into pieces of any size, shared by all caches
 * and kmalloc, as Linux's mm/slob.c did until 6.3 (Mackall, "slob: introduce the SLOB
 * allocator", 2.6.16).
 *
 * A page's free pieces are a list by address, kept in the pieces: 2-byte units, a piece's size
 * and the place of the next one. Pages with free pieces are on one of three lists by the size
 * of what they serve, so that small objects don't riddle pages large ones could use.
 */
#ifndef MMCORE_SLAB_SLOB_H
#define MMCORE_SLAB_SLOB_H

#include "frame.h"
#include "slab.h"

#define SLOB_UNIT	2UL
#define SLOB_PAGE_UNITS (TRI_PAGE_SIZE / SLOB_UNIT)

enum slob_class { SLOB_SMALL, SLOB_MEDIUM, SLOB_LARGE, SLOB_CLASSES };
/* Below these sizes in bytes an object is small, or medium. */
#define SLOB_BREAK_SMALL  256
#define SLOB_BREAK_MEDIUM 1024

/*
 * Part of struct tri_core. Linux's SLOB took whatever page had room, and so could not promise
 * zone DMA; pages of that zone have lists of their own here.
 */
enum slob_zone { SLOB_ANY, SLOB_DMA, SLOB_ZONES };

struct slob {
	plat_spinlock_t lock; /* all of it */
	struct frame_list pages[SLOB_ZONES][SLOB_CLASSES];
	unsigned long kmalloc_active; /* objects in use */
};

/* frame->word of a shared page. */
struct slob_words {
	uint16_t units; /* free ones; 0: on no list */
	uint16_t first; /* the first free piece, in units */
	uint8_t class;	/* whose list it is on */
	uint8_t zone;
} __attribute__((may_alias));

static inline struct slob_words *slob_words(struct frame *frame)
{
	return (struct slob_words *)frame->word;
}

/* The size of a free piece in units, and the place of the next one; for tri_check() too. */
static inline unsigned int slob_piece(const int16_t *page, unsigned int at, unsigned int *next)
{
	*next = page[at] < 0 ? -page[at] : page[at + 1];
	return page[at] < 0 ? 1 : page[at];
}

/* Called by the core's start. */
void slob_init(struct slob *slob);

/*
 * kmalloc's objects carry their size, 8 bytes before them; larger ones than
 * SLOB_KMALLOC_MAX are blocks of pages and kmalloc.c's. @size is not 0.
 */
#define SLOB_KMALLOC_HEADER 8UL
#define SLOB_KMALLOC_MAX    (TRI_PAGE_SIZE - SLOB_KMALLOC_HEADER - 1)
void *slab_slob_kmalloc(struct tri_core *core, unsigned long size, tri_gfp_t gfp);
void slab_slob_kfree(struct tri_core *core, void *object);
unsigned long slab_slob_ksize(const void *object);

#endif /* MMCORE_SLAB_SLOB_H */
