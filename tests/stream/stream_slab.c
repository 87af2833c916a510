/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream_slab.c - objects of caches and of kmalloc: aligned, apart, constructed, as large as
 * they say; every frame back once all are free.
 */
#include "tests/stream/stream.h"

#include <string.h>

#define CACHES	5
#define OBJECTS 1000
#define BULK	40
/* Tag of an object that kmalloc made; smaller ones number its cache. */
#define KMALLOC CACHES
/* What a constructed object consists of. */
#define CONSTRUCTED 0xc7

static struct cache {
	struct kmem_cache *cache; /* NULL: none now */
	unsigned int size, align, objects;
	bool constructs;
} caches[CACHES];
static struct objects objects;

#define CONSTRUCTOR(n)                                       \
	static void construct_##n(void *object)              \
	{                                                    \
		memset(object, CONSTRUCTED, caches[n].size); \
	}
CONSTRUCTOR(0)
CONSTRUCTOR(1)
CONSTRUCTOR(2)
CONSTRUCTOR(3)
CONSTRUCTOR(4)
static void (*const constructors[CACHES])(void *object) = {
	construct_0, construct_1, construct_2, construct_3, construct_4,
};

static bool constructed(const struct cache *cache, const char *at)
{
	for (unsigned int i = 0; i < cache->size; i++) {
		if ((uint8_t)at[i] != CONSTRUCTED)
			return false;
	}
	return true;
}

static tri_gfp_t choose_gfp(struct source *source)
{
	static const tri_gfp_t gfps[] = {
		TRI_GFP_KERNEL,
		TRI_GFP_KERNEL | TRI_GFP_ZERO,
		TRI_GFP_ATOMIC,
		TRI_GFP_NOWAIT | TRI_GFP_ZERO,
		TRI_GFP_KERNEL | TRI_GFP_RECLAIMABLE,
		TRI_GFP_KERNEL | TRI_GFP_NORETRY,
		TRI_GFP_KERNEL,
		TRI_GFP_KERNEL,
	};

	return gfps[source_below(source, sizeof(gfps) / sizeof(gfps[0]))];
}

static void create(struct source *source, unsigned int n)
{
	static const unsigned int flag_sets[] = {
		0,
		TRI_SLAB_HWCACHE_ALIGN,
		TRI_SLAB_RECLAIM_ACCOUNT,
		TRI_SLAB_NO_MERGE,
		TRI_SLAB_DEBUG,
		TRI_SLAB_POISON,
		TRI_SLAB_RED_ZONE | TRI_SLAB_HWCACHE_ALIGN,
		TRI_SLAB_STORE_USER,
	};
	struct cache *cache = &caches[n];
	unsigned int flags = flag_sets[source_below(source, 8)];

	cache->size = source_size(source, source_below(source, 8) ? 600 : 20000);
	cache->align = source_below(source, 2) ? 0 : 1U << source_below(source, 8);
	cache->constructs = source_below(source, 4) == 1;
	cache->cache = tri_kmem_cache_create("stream", cache->size, cache->align, flags,
					     cache->constructs ? constructors[n] : NULL);
	if (cache->cache)
		expect(tri_kmem_cache_size(cache->cache) >= cache->size);
}

static void take(unsigned int n, void *at, tri_gfp_t gfp)
{
	struct cache *cache = &caches[n];
	unsigned int align = cache->align > sizeof(void *) ? cache->align : sizeof(void *);

	expect((uintptr_t)at % align == 0);
	expect(!cache->constructs || constructed(cache, at));
	expect(!(gfp & TRI_GFP_ZERO) || contents_zero(at, 0, cache->size));
	objects_add(&objects, at, cache->size, n);
	cache->objects++;
}

/* Constructed objects have no use for zeros. */
static tri_gfp_t cache_gfp(struct source *source, const struct cache *cache)
{
	tri_gfp_t gfp = choose_gfp(source);

	return cache->constructs ? gfp & ~TRI_GFP_ZERO : gfp;
}

/* Pinned where the call must not sleep. */
static void cache_alloc(struct source *source, unsigned int n)
{
	tri_gfp_t gfp = cache_gfp(source, &caches[n]);
	bool pinned = !(gfp & TRI_GFP_DIRECT_RECLAIM);
	unsigned long saved = pinned ? plat_pin() : 0;
	void *at = tri_kmem_cache_alloc(caches[n].cache, gfp);

	if (pinned)
		plat_unpin(saved);
	if (at)
		take(n, at, gfp);
}

static void cache_alloc_bulk(struct source *source, unsigned int n)
{
	tri_gfp_t gfp = cache_gfp(source, &caches[n]);
	unsigned long wanted = 1 + source_below(source, BULK), got;
	void *at[BULK];

	got = tri_kmem_cache_alloc_bulk(caches[n].cache, gfp, wanted, at);
	expect(got == 0 || got == wanted);
	while (got)
		take(n, at[--got], gfp);
}

/* The object as its owner must leave it; not ours any more. */
static void *leave(struct object *object)
{
	void *at = object->at;

	if (object->tag < CACHES) {
		struct cache *cache = &caches[object->tag];

		if (cache->constructs)
			memset(at, CONSTRUCTED, cache->size);
		cache->objects--;
	}
	objects_remove(&objects, object);
	return at;
}

static void give(struct object *object)
{
	uint32_t tag = object->tag;
	unsigned long saved = plat_pin();

	if (tag == KMALLOC)
		tri_kfree(leave(object));
	else
		tri_kmem_cache_free(caches[tag].cache, leave(object));
	plat_unpin(saved);
}

/* Up to @limit objects with this tag. */
static void give_bulk(uint32_t tag, unsigned int limit)
{
	void *at[BULK];
	unsigned int n = 0;

	for (unsigned int i = objects.count; i-- > 0 && n < limit;) {
		struct object *object = &objects.object[i];

		if (object->tag != tag)
			continue;
		expect(contents_intact(object->at, object->size, object->size, object->id));
		at[n++] = leave(object);
	}
	if (tag == KMALLOC)
		tri_kfree_bulk(n, at);
	else if (n)
		tri_kmem_cache_free_bulk(caches[tag].cache, n, at);
}

static void destroy(unsigned int n)
{
	while (caches[n].objects)
		give_bulk(n, BULK);
	expect(tri_kmem_cache_destroy(caches[n].cache) == 0);
	caches[n].cache = NULL;
}

static void cache_operation(struct source *source)
{
	unsigned int n = source_below(source, CACHES);

	if (!caches[n].cache) {
		create(source, n);
		return;
	}
	switch (source_below(source, 16)) {
	case 0:
		destroy(n);
		return;
	case 1:
		tri_kmem_cache_shrink(caches[n].cache);
		return;
	case 2 ... 4:
		give_bulk(n, 1 + source_below(source, BULK));
		return;
	case 5 ... 7:
		if (objects.count + BULK <= OBJECTS)
			cache_alloc_bulk(source, n);
		return;
	}
	if (objects.count < OBJECTS)
		cache_alloc(source, n);
}

static void check_kmalloc(const void *at, unsigned long size, tri_gfp_t gfp)
{
	bool power_of_two = (size & (size - 1)) == 0;
	unsigned long align = power_of_two && size >= 8 ? size : 8;

	expect(size <= TRI_KMALLOC_MAX);
	expect((uintptr_t)at % (align < TRI_PAGE_SIZE ? align : TRI_PAGE_SIZE) == 0);
	expect(tri_ksize(at) >= size);
	expect(!(gfp & TRI_GFP_ZERO) || contents_zero(at, 0, size));
}

static unsigned long kmalloc_size(struct source *source)
{
	switch (source_below(source, 16)) {
	case 0:
		return source_size(source, TRI_KMALLOC_MAX + 2);
	case 1:
		return 1UL << source_below(source, 15);
	case 2:
		return source_size(source, 40000);
	}
	return source_size(source, 1200);
}

static void kmalloc_one(struct source *source)
{
	tri_gfp_t gfp = choose_gfp(source);
	unsigned long size = kmalloc_size(source), elements = 1 + source_below(source, 3);
	void *at;

	switch (source_below(source, 4)) {
	case 0:
		at = tri_kzalloc(size, gfp);
		gfp |= TRI_GFP_ZERO;
		break;
	case 1:
		at = tri_kmalloc_array(elements, size, gfp);
		size *= elements;
		break;
	case 2:
		at = tri_kcalloc(elements, size, gfp);
		size *= elements;
		gfp |= TRI_GFP_ZERO;
		break;
	default:
		at = tri_kmalloc(size, gfp);
	}
	if (!at)
		return;
	check_kmalloc(at, size, gfp);
	/* All that ksize() grants is the user's. */
	if (source_below(source, 4) == 0)
		size = tri_ksize(at);
	objects_add(&objects, at, size, KMALLOC);
}

static void kmalloc_nothing(struct source *source)
{
	tri_gfp_t gfp = choose_gfp(source);

	expect(tri_kmalloc(0, gfp) == TRI_ZERO_SIZE_PTR);
	expect(tri_ksize(TRI_ZERO_SIZE_PTR) == 0);
	tri_kfree(TRI_ZERO_SIZE_PTR);
	tri_kfree(NULL);
	expect(!tri_kmalloc(TRI_KMALLOC_MAX + 1 + source_below(source, 100), gfp));
	expect(!tri_kmalloc(~0UL - source_below(source, 100), gfp));
	expect(!tri_kmalloc_array(1UL << 32, 1UL << 32, gfp));
	expect(!tri_kcalloc((~0UL >> 3) + 2, 8, gfp));
}

static void resize(struct source *source, struct object *object)
{
	unsigned long size = kmalloc_size(source);
	void *at = tri_krealloc(object->at, size, TRI_GFP_KERNEL);

	if (!at) {
		expect(contents_intact(object->at, object->size, object->size, object->id));
		return;
	}
	/* In place it keeps the alignment it had, be its new size a power of two or not. */
	expect((uintptr_t)at % 8 == 0 && size <= TRI_KMALLOC_MAX && tri_ksize(at) >= size);
	objects_resize(&objects, object, at, size);
}

static void operation(struct source *source)
{
	unsigned int what = source_below(source, 32);
	struct object *object;

	switch (what) {
	case 0 ... 9:
		cache_operation(source);
		return;
	case 10:
		kmalloc_nothing(source);
		return;
	case 11:
		give_bulk(KMALLOC, 1 + source_below(source, BULK));
		return;
	case 12 ... 19:
		if (objects.count < OBJECTS)
			kmalloc_one(source);
		return;
	}
	object = objects_pick(&objects, source);
	if (!object)
		return;
	if (what < 24 && object->tag == KMALLOC)
		resize(source, object);
	else
		give(object);
}

void stream_slab(struct source *source, struct tri_core *core)
{
	struct object *object;

	memset(caches, 0, sizeof(caches));
	objects_init(&objects, OBJECTS);
	while (source_more(source)) {
		stream_between(source, core);
		operation(source);
	}
	while ((object = objects_pick(&objects, source)))
		give(object);
	for (unsigned int n = 0; n < CACHES; n++) {
		if (caches[n].cache)
			destroy(n);
	}
	objects_exit(&objects);
}
