/* SPDX-License-Identifier: GPL-2.0-only */
/* pool.c - a free list of equal objects under one spinlock, grown by a frame at a time. */
#include "core.h"

void pool_init(struct pool *pool, unsigned int object_size)
{
	plat_spin_init(&pool->lock);
	pool->object_size = object_size;
}

/* Cut a fresh frame into objects outside the lock, then add them all at once. */
static bool grow(struct tri_core *core, struct pool *pool, tri_gfp_t gfp)
{
	struct frame *frame = pages_alloc(core, tri_nowait(core) ?: gfp, 0, FRAME_POOL);
	struct pool_object *last, *first = NULL;
	unsigned long saved;
	char *page;

	if (!frame)
		return false;
	page = plat_pfn_to_ptr(frame->pfn);
	last = (struct pool_object *)(page + TRI_PAGE_SIZE - pool->object_size);
	for (char *at = (char *)last; at >= page; at -= pool->object_size) {
		struct pool_object *object = (struct pool_object *)at;

		object->next = first;
		first = object;
	}

	saved = tri_lock(&pool->lock);
	last->next = pool->free;
	pool->free = first;
	pool->objects_free += TRI_PAGE_SIZE / pool->object_size;
	frame_list_push_tail(&core->frames, &pool->frames, frame);
	tri_unlock(&pool->lock, saved);
	return true;
}

void *pool_alloc_gfp(struct tri_core *core, struct pool *pool, tri_gfp_t gfp)
{
	for (;;) {
		unsigned long saved = tri_lock(&pool->lock);
		struct pool_object *object = pool->free;

		if (object) {
			pool->free = object->next;
			pool->objects_free--;
		}
		tri_unlock(&pool->lock, saved);
		if (object)
			return object;
		/* Another CPU may take all we add: then add more. */
		if (!grow(core, pool, gfp))
			return NULL;
	}
}

void *pool_alloc(struct tri_core *core, struct pool *pool)
{
	return pool_alloc_gfp(core, pool, TRI_GFP_KERNEL | TRI_GFP_NOWARN);
}

void pool_free(struct pool *pool, void *object)
{
	struct pool_object *freed = object;
	unsigned long saved = tri_lock(&pool->lock);

	freed->next = pool->free;
	pool->free = freed;
	pool->objects_free++;
	tri_unlock(&pool->lock, saved);
}

void pool_exit(struct tri_core *core, struct pool *pool)
{
	pcp_free_list(core, &pool->frames);
	pool->free = NULL;
	pool->objects_free = 0;
}
