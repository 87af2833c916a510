/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_slabs.c - slab=slab: slabs, their arrays of free indices, and the node's lists.
 *
 * Follows mm/slab.c of Linux 6.1: calculate_slab_order() and set_*_slab_cache() for the
 * layout, slab_get_obj() and slab_put_obj() for the index array, free_block() and
 * get_first_slab() for the lists.
 */
#include "slab_slab.h"

#define RECIPROCAL_SHIFT 42

/* --- Layout --- */

/* Linux allows order 1 where there is more than 32 MiB (slab_max_order). */
static unsigned int largest_order(const struct tri_core *core)
{
	return core->frames.count > (32UL << 20 >> TRI_PAGE_SHIFT);
}

/* Bytes that the freelist of @objects would take from kmalloc; 0: none of them can serve. */
static unsigned long off_slab_cost(const struct kmem_cache *cache, unsigned int objects)
{
	const struct slab *all = &cache->core->slab;
	const struct kmem_cache *from = all->cache[all->kmalloc[(objects + 7) / 8]];

	/* One that is off-slab itself could come back to this cache. */
	if (!from || slab_node(from)->management == SLAB_OFF_SLAB)
		return 0;
	return from->size;
}

/* Objects per slab of the order that is chosen, 0 if none will do; what is left in *left. */
static unsigned int choose_order(struct kmem_cache *cache, enum slab_management management,
				 unsigned long *left)
{
	unsigned long each = cache->size + (management == SLAB_ON_SLAB ? sizeof(slab_index_t) : 0);
	unsigned int found = 0;

	for (unsigned int order = 0; order <= TRI_MAX_ORDER; order++) {
		unsigned long bytes = TRI_PAGE_SIZE << order, objects = bytes / each;

		if (!objects)
			continue;
		if (objects > SLAB_MAX_OBJECTS)
			break;
		if (management == SLAB_OFF_SLAB) {
			unsigned long cost = off_slab_cost(cache, objects);

			if (!cost || cost > cache->size / 2)
				continue;
		}
		found = objects;
		cache->order = order;
		*left = bytes % each;
		if (cache->flags & TRI_SLAB_RECLAIM_ACCOUNT ||
		    order >= largest_order(cache->core) || *left * 8 <= bytes)
			break;
	}
	return found;
}

static bool try_management(struct kmem_cache *cache, enum slab_management management)
{
	struct slab_node *node = slab_node(cache);
	unsigned long left = 0;
	unsigned int objects;

	if (management == SLAB_IN_OBJECT && (cache->ctor || slab_debug_poisons(cache)))
		return false;
	objects = choose_order(cache, management, &left);
	if (!objects || (management == SLAB_IN_OBJECT && objects > cache->object_size))
		return false;
	/* With so much left over it may as well be on the slab. */
	if (management == SLAB_OFF_SLAB && left >= objects)
		return false;
	cache->objects = objects;
	node->management = management;
	node->colours = left / node->colour_step;
	return true;
}

int slab_lay_out(struct kmem_cache *cache)
{
	struct slab_node *node = slab_node(cache);
	unsigned long size = cache->object_size + slab_debug_bytes(cache), align = cache->align;

	size = ((size + align - 1) & ~(align - 1)) + slab_debug_left(cache);
	if (size < SLAB_MIN_SIZE)
		size = SLAB_MIN_SIZE;
	cache->size = size;
	node->colour_step = align > SLAB_CACHE_LINE ? align : SLAB_CACHE_LINE;
	if (!try_management(cache, SLAB_IN_OBJECT) && !try_management(cache, SLAB_OFF_SLAB) &&
	    !try_management(cache, SLAB_ON_SLAB))
		return -EINVAL;
	node->reciprocal = (1UL << RECIPROCAL_SHIFT) / size + 1;
	return 0;
}

/* --- One slab --- */

static void *object_at(const struct kmem_cache *cache, struct frame *slab, unsigned int index)
{
	return slab_objects(slab) + (unsigned long)index * cache->size;
}

/*
 * Exact: an offset is below 2^22 and a size up to 2^20, so the error, at most offset / 2^42,
 * never reaches the next object.
 */
static unsigned int index_of(const struct kmem_cache *cache, struct frame *slab, const void *object)
{
	uint64_t offset = (const char *)object - slab_objects(slab);

	return offset * slab_node(cache)->reciprocal >> RECIPROCAL_SHIFT;
}

bool slab_valid(const struct kmem_cache *cache, const struct frame *frame, const void *object)
{
	struct frame *slab = slab_of(cache, (struct frame *)frame);
	const char *first = slab_objects(slab);
	unsigned long index;

	if ((const char *)object < first)
		return false;
	index = ((const char *)object - first) / cache->size;
	return index < cache->objects && object == object_at(cache, slab, index);
}

static slab_index_t *place_freelist(struct kmem_cache *cache, struct frame *slab, tri_gfp_t gfp)
{
	switch (slab_node(cache)->management) {
	case SLAB_IN_OBJECT:
		return object_at(cache, slab, cache->objects - 1);
	case SLAB_OFF_SLAB:
		return tri_kmalloc(cache->objects, gfp);
	case SLAB_ON_SLAB:
		break;
	}
	return (slab_index_t *)((char *)plat_pfn_to_ptr(slab->pfn) +
				(TRI_PAGE_SIZE << cache->order)) -
	       cache->objects;
}

static void init_objects(struct kmem_cache *cache, struct frame *slab)
{
	for (unsigned int i = 0; i < cache->objects; i++) {
		void *object = object_at(cache, slab, i);

		if (slab_debugged(cache))
			slab_debug_fresh(cache, object);
		if (cache->ctor)
			cache->ctor(object);
		slab_words(slab)->freelist[i] = i;
	}
}

static unsigned int next_colour(struct slab_node *node)
{
	unsigned long saved = tri_lock(&node->lock);
	unsigned int colour = node->colour_next;

	node->colour_next = colour + 1 < node->colours ? colour + 1 : 0;
	tri_unlock(&node->lock, saved);
	return colour;
}

struct frame *slab_grow(struct kmem_cache *cache, tri_gfp_t gfp)
{
	struct slab_node *node = slab_node(cache);
	struct frame *slab = slab_frames_get(cache, gfp, cache->order);
	struct slab_words *words;

	if (!slab)
		return NULL;
	words = slab_words(slab);
	words->first = next_colour(node) * node->colour_step + slab_debug_left(cache);
	words->active = 0;
	words->freelist = place_freelist(cache, slab, gfp & ~TRI_GFP_ZERO);
	if (!words->freelist) {
		slab_frames_put(cache, slab);
		return NULL;
	}
	init_objects(cache, slab);
	return slab;
}

unsigned int slab_take(struct kmem_cache *cache, struct frame *slab, void **objects, unsigned int n)
{
	struct slab_words *words = slab_words(slab);
	unsigned int taken = 0;

	while (taken < n && words->active < cache->objects)
		objects[taken++] = object_at(cache, slab, words->freelist[words->active++]);
	/* The last one held the list. */
	if (words->active == cache->objects && slab_node(cache)->management == SLAB_IN_OBJECT)
		words->freelist = NULL;
	return taken;
}

static void put(struct kmem_cache *cache, struct frame *slab, void *object)
{
	struct slab_words *words = slab_words(slab);

	if (!words->freelist)
		words->freelist = object;
	words->freelist[--words->active] = index_of(cache, slab, object);
}

/* --- The node's lists --- */

static struct frame_list *list_of(struct kmem_cache *cache, struct frame *slab)
{
	struct slab_node *node = slab_node(cache);
	unsigned int active = slab_words(slab)->active;

	if (!active)
		return &node->free;
	return active == cache->objects ? &node->full : &node->partial;
}

void slab_add(struct kmem_cache *cache, struct frame *slab)
{
	frame_list_push_head(&cache->core->frames, list_of(cache, slab), slab);
}

struct frame *slab_next(struct kmem_cache *cache)
{
	const struct frame_table *frames = &cache->core->frames;
	struct slab_node *node = slab_node(cache);

	if (node->partial.count)
		return frame_list_pop_head(frames, &node->partial);
	node->free_touched = true;
	return node->free.count ? frame_list_pop_head(frames, &node->free) : NULL;
}

void slab_shed(struct kmem_cache *cache, unsigned long n, struct frame_list *dead)
{
	const struct frame_table *frames = &cache->core->frames;
	struct slab_node *node = slab_node(cache);

	for (; n && node->free.count; n--) {
		frame_list_push_tail(frames, dead, frame_list_pop_tail(frames, &node->free));
		node->free_objects -= cache->objects;
	}
}

void slab_free_block(struct kmem_cache *cache, void **objects, unsigned int n,
		     struct frame_list *dead)
{
	const struct frame_table *frames = &cache->core->frames;
	struct slab_node *node = slab_node(cache);

	for (unsigned int i = 0; i < n; i++) {
		struct frame *frame = frame_find(frames, plat_ptr_to_pfn(objects[i]));
		struct frame *slab = slab_of(cache, frame);

		/* A hit does not look; here the frame's line is needed anyway. */
		if (TRI_UNLIKELY(frame->cache != cache->number))
			slab_debug_stray(cache, objects[i]);
		frame_list_remove(frames, list_of(cache, slab), slab);
		put(cache, slab, objects[i]);
		/* To the end of the partial ones: most time for its other objects to come back. */
		if (slab_words(slab)->active)
			frame_list_push_tail(frames, &node->partial, slab);
		else
			frame_list_push_head(frames, &node->free, slab);
	}
	node->free_objects += n;
	while (node->free_objects > node->free_limit && node->free.count)
		slab_shed(cache, 1, dead);
}

unsigned long slab_destroy(struct kmem_cache *cache, struct frame_list *dead)
{
	unsigned long slabs = dead->count;

	while (dead->count) {
		struct frame *slab = frame_list_pop_head(&cache->core->frames, dead);
		slab_index_t *freelist = slab_words(slab)->freelist;

		if (slab_node(cache)->management == SLAB_OFF_SLAB)
			tri_kfree(freelist);
		slab_frames_put(cache, slab);
	}
	return slabs;
}
