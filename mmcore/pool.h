/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pool.h - objects of one size, carved from frames, for the core's own use. Frames stay
 * with the pool until the core ends.
 */
#ifndef MMCORE_POOL_H
#define MMCORE_POOL_H

#include "frame.h"

struct pool_object {
	struct pool_object *next;
};

struct pool {
	plat_spinlock_t lock; /* a leaf: nothing is taken under it */
	unsigned int object_size;
	struct pool_object *free;
	unsigned long objects_free;
	struct frame_list frames;
};

/* @object_size: a power of two from 16 to TRI_PAGE_SIZE; objects are aligned to it. */
void pool_init(struct pool *pool, unsigned int object_size);
/* One object, contents undefined; NULL if there is no frame left. */
void *pool_alloc(struct tri_core *core, struct pool *pool);
/* The same; sleeps only if @gfp says so. */
void *pool_alloc_gfp(struct tri_core *core, struct pool *pool, tri_gfp_t gfp);
void pool_free(struct pool *pool, void *object);
/* Give back the frames; every object must be free, no CPU inside the core. */
void pool_exit(struct tri_core *core, struct pool *pool);

#endif /* MMCORE_POOL_H */
