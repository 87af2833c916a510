/* SPDX-License-Identifier: GPL-2.0-only */
/* test_slab_caches.c - making caches, looking at them, shrinking and ending them. */
#include <stdio.h>
#include <string.h>

#include "slab_variants.h"

static unsigned long frames_free(struct tri_core *core)
{
	struct tri_status status;

	tri_status_read(core, &status);
	return status.frames_free;
}

/* Frames that arrays of objects at hand keep until the core ends. */
static unsigned long array_frames(const struct tri_core *core)
{
	unsigned long frames = 0;

	for (int i = 0; i < SLAB_POOLS; i++)
		frames += core->slab.array_pool[i].frames.count;
	return frames;
}

static void bad_arguments(struct tri_core *core, const struct variant *variant)
{
	(void)core, (void)variant;
	model.quiet = true;
	assert_null(tri_kmem_cache_create(NULL, 8, 0, 0, NULL));
	assert_null(tri_kmem_cache_create("", 8, 0, 0, NULL));
	assert_null(tri_kmem_cache_create("zero", 0, 0, 0, NULL));
	assert_null(tri_kmem_cache_create("large", (4UL << 20) / 16 + 1, 0, 0, NULL));
	assert_null(tri_kmem_cache_create("odd", 8, 24, 0, NULL));
	assert_null(tri_kmem_cache_create("far", 8, 8192, 0, NULL));
	model.quiet = false;
}

static void arguments(void **state)
{
	(void)state;
	variants_all(bad_arguments, 1, 2048);
}

static void each_alignment(struct tri_core *core, const struct variant *variant)
{
	(void)variant;
	for (unsigned int align = 8; align <= 4096; align *= 2) {
		struct kmem_cache *cache =
			tri_kmem_cache_create("aligned", 72, align, TRI_SLAB_NO_MERGE, NULL);
		void *object[70];

		for (int i = 0; i < 70; i++) {
			object[i] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
			assert_int_equal((uintptr_t)object[i] % align, 0);
		}
		assert_sound(core);
		for (int i = 0; i < 70; i++)
			tri_kmem_cache_free(cache, object[i]);
		assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	}
}

static void alignment(void **state)
{
	(void)state;
	variants_all(each_alignment, 1, 4096);
}

static void hwcache(struct tri_core *core, const struct variant *variant)
{
	/* A line, or the power of two that small ones fit in: none lies across two lines. */
	static const unsigned int size[] = {12, 17, 33, 65, 200};
	static const unsigned int align[] = {16, 32, 64, 64, 64};

	(void)core, (void)variant;
	for (int i = 0; i < 5; i++) {
		struct kmem_cache *cache =
			tri_kmem_cache_create("lines", size[i], 0, TRI_SLAB_HWCACHE_ALIGN, NULL);
		void *first = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
		void *second = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);

		assert_int_equal((uintptr_t)first % align[i], 0);
		assert_int_equal((uintptr_t)second % align[i], 0);
		tri_kmem_cache_free(cache, first);
		tri_kmem_cache_free(cache, second);
		assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	}
}

static void cache_lines(void **state)
{
	(void)state;
	variants_all(hwcache, 1, 2048);
}

static void table_full(struct tri_core *core, const struct variant *variant)
{
	static struct kmem_cache *cache[TRI_MAX_CACHES];
	int n = 0;

	(void)variant;
	while (n < TRI_MAX_CACHES &&
	       (cache[n] = tri_kmem_cache_create("many", 64, 0, TRI_SLAB_NO_MERGE, NULL)))
		n++;
	assert_in_range(n, 200, TRI_MAX_CACHES);
	assert_sound(core);
	while (n--)
		assert_int_equal(tri_kmem_cache_destroy(cache[n]), 0);
}

static void too_many(void **state)
{
	(void)state;
	variants_all(table_full, 1, 4096);
}

/* Leaked objects are named by address, stay allocated, and can still be freed. */
static void leaks(struct tri_core *core, const struct variant *variant)
{
	struct kmem_cache *cache = tri_kmem_cache_create("leaky", 100, 0, TRI_SLAB_NO_MERGE, NULL);
	void *object[200];
	char address[32];

	for (int i = 0; i < 200; i++) {
		object[i] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
		memset(object[i], i, 100);
	}
	for (int i = 0; i < 200; i++) {
		if (i != 77)
			tri_kmem_cache_free(cache, object[i]);
	}
	model.quiet = true;
	assert_int_equal(tri_kmem_cache_destroy(cache), 1);
	model.quiet = false;
	snprintf(address, sizeof(address), "%p", object[77]);
	assert_non_null(strstr(model.last_log, "leaky"));
	/* SLOB knows only how many there are. */
	if (strcmp(variant->slab, "slob"))
		assert_non_null(strstr(model.last_log, address));
	assert_int_equal(((unsigned char *)object[77])[99], 77);
	assert_sound(core);
	tri_kmem_cache_free(cache, object[77]);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	assert_sound(core);
}

static void destroy_with_leaks(void **state)
{
	(void)state;
	variants_all(leaks, 2, 2048);
}

static void shrinking(struct tri_core *core, const struct variant *variant)
{
	struct kmem_cache *cache = tri_kmem_cache_create("wide", 512, 0, TRI_SLAB_NO_MERGE, NULL);
	static void *object[2000];
	unsigned long before = frames_free(core), full;

	(void)variant;
	for (int i = 0; i < 2000; i++) {
		plat_slot = i % 3;
		object[i] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
		assert_non_null(object[i]);
	}
	full = frames_free(core);
	assert_true(before - full >= 2000 / 8);
	/* All but one of them, on another CPU. */
	for (int i = 1; i < 2000; i++) {
		plat_slot = (i + 1) % 3;
		tri_kmem_cache_free(cache, object[i]);
	}
	plat_slot = 0;
	assert_sound(core);
	tri_kmem_cache_shrink(cache);
	assert_sound(core);
	/* A slab is at most 8 frames. */
	assert_true(frames_free(core) + array_frames(core) + 8 + 1 >= before);
	tri_kmem_cache_free(cache, object[0]);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
}

static void shrink_gives_frames_back(void **state)
{
	(void)state;
	variants_all(shrinking, 3, 4096);
}

static void counting(struct tri_core *core, const struct variant *variant)
{
	struct kmem_cache *cache = tri_kmem_cache_create("count", 60, 0, TRI_SLAB_NO_MERGE, NULL);
	struct tri_slab_info info;
	void *object[300];

	for (int i = 0; i < 300; i++) {
		plat_slot = i % 2;
		object[i] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
		assert_true(tri_slab_info(core, cache->number, &info));
		assert_int_equal(info.objects_active, i + 1);
		assert_true(info.objects_total >= info.objects_active);
		/* SLOB's caches have no slabs. */
		if (strcmp(variant->slab, "slob"))
			assert_in_range(info.slabs_active, 1, info.slabs_total);
	}
	assert_string_equal(info.name, "count");
	assert_true(info.object_size >= 60 && info.size >= info.object_size);
	if (strcmp(variant->slab, "slob"))
		assert_true(info.frames * TRI_PAGE_SIZE >= 300 * 60);
	for (int i = 0; i < 300; i++) {
		tri_kmem_cache_free(cache, object[i]);
		assert_true(tri_slab_info(core, cache->number, &info));
		assert_int_equal(info.objects_active, 299 - i);
	}
	plat_slot = 0;
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	assert_false(tri_slab_info(core, TRI_MAX_CACHES, &info));
	assert_false(tri_slab_info(core, TRI_MAX_CACHES + 1, &info));
	assert_false(tri_slab_info(core, 0, &info));
}

static void objects_are_counted(void **state)
{
	(void)state;
	variants_all(counting, 2, 2048);
}

static unsigned long constructed;

static void construct(void *object)
{
	constructed++;
	memset(object, 0x5c, 24);
}

/* Once a slab, not once an allocation; and the state stays. */
static void constructing(struct tri_core *core, const struct variant *variant)
{
	struct kmem_cache *cache = tri_kmem_cache_create("ctor", 24, 0, 0, construct);
	unsigned char *object;
	unsigned long once;

	(void)core, (void)variant;
	constructed = 0;
	object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	once = constructed;
	assert_true(once >= 1);
	for (int n = 0; n < 50; n++) {
		for (int i = 0; i < 24; i++)
			assert_int_equal(object[i], 0x5c);
		tri_kmem_cache_free(cache, object);
		object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	}
	if (strcmp(variant->slab, "slob"))
		assert_int_equal(constructed, once);
	tri_kmem_cache_free(cache, object);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
}

static void constructor(void **state)
{
	(void)state;
	variants_all(constructing, 1, 2048);
}

/* All or none, whatever was at hand. */
static void bulk_or_nothing(struct tri_core *core, const struct variant *variant)
{
	struct kmem_cache *cache = tri_kmem_cache_create("bulk", 4096, 0, TRI_SLAB_NO_MERGE, NULL);
	static void *object[4096];
	unsigned long before = frames_free(core);

	(void)variant;
	assert_int_equal(tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 0, object), 0);
	assert_int_equal(tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 4096, object), 0);
	assert_sound(core);
	tri_kmem_cache_shrink(cache);
	assert_int_equal(frames_free(core) + array_frames(core), before);
	assert_int_equal(
		tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL | TRI_GFP_ZERO, 100, object), 100);
	for (int i = 0; i < 100; i++) {
		for (int n = 0; n < 4096; n += 8)
			assert_int_equal(*(uint64_t *)((char *)object[i] + n), 0);
		memset(object[i], 0xff, 4096);
	}
	tri_kmem_cache_free_bulk(cache, 100, object);
	assert_sound(core);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
}

static void bulk(void **state)
{
	(void)state;
	variants_all(bulk_or_nothing, 1, 2048);
}

/* Zone and migratetype of what is behind objects of each kind of cache, and kmalloc's. */
static void lies(const struct variant *variant, tri_gfp_t more)
{
	static const unsigned int flags[] = {0, TRI_SLAB_RECLAIM_ACCOUNT, TRI_SLAB_CACHE_DMA};
	static const tri_gfp_t gfp[] = {0, TRI_GFP_RECLAIMABLE, TRI_GFP_DMA};
	static const unsigned int size[] = {24, 700, 5000, 20000};
	bool slob = !strcmp(variant->slab, "slob");
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, 1, 8192, 4UL << 20);
	config.zone_end[ZONE_DMA] = config.zone_end[ZONE_DMA32] = 4096;
	assert_int_equal(tri_config_set(&config, "slab", variant->slab), 0);
	assert_int_equal(tri_config_set(&config, "sheaves", variant->sheaves), 0);
	assert_int_equal(tri_config_set(&config, "slab_debug", variant->debug), 0);
	core = model_start(&config);
	for (int kind = 0; kind < 3; kind++) {
		for (int i = 0; i < 4; i++) {
			struct kmem_cache *cache = tri_kmem_cache_create(
				"kind", size[i], 0, flags[kind] | TRI_SLAB_NO_MERGE, NULL);
			char *object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL | more);
			char *other = tri_kmalloc(size[i], TRI_GFP_KERNEL | gfp[kind]);
			struct frame *frame = frame_find(&core->frames, plat_ptr_to_pfn(object));

			assert_true((frame->pfn < 4096) == (kind == 2));
			assert_true((plat_ptr_to_pfn(other) < 4096) == (kind == 2));
			/* Slabs begin at a multiple of their size, which a slab's order tells. */
			if (!slob) {
				frame -= frame->pfn & ((1UL << cache->order) - 1);
				assert_int_equal(frame_place(frame) >> 2 == MIGRATE_RECLAIMABLE,
						 kind == 1);
			}
			if (!slob && size[i] <= TRI_KMALLOC_MAX_CACHE) {
				unsigned int number =
					frame_find(&core->frames, plat_ptr_to_pfn(other))->cache;

				assert_int_equal(core->slab.cache[number]->flags & ~TRI_SLAB_DEBUG,
						 flags[kind] | TRI_SLAB_NO_MERGE);
			}
			tri_kfree(other);
			tri_kmem_cache_free(cache, object);
			assert_int_equal(tri_kmem_cache_destroy(cache), 0);
		}
	}
	model_stop(core);
}

/* There are no caches for DMA32: as in Linux, such a request gets what the cache has. */
static void where_frames_lie(void **state)
{
	(void)state;
	for (unsigned long i = 0; i < VARIANTS; i++) {
		lies(&variants[i], 0);
		lies(&variants[i], TRI_GFP_DMA32);
	}
}

static void foreign(struct tri_core *core, const struct variant *variant)
{
	struct kmem_cache *mine = tri_kmem_cache_create("mine", 64, 0, TRI_SLAB_NO_MERGE, NULL);
	struct kmem_cache *other = tri_kmem_cache_create("other", 64, 0, TRI_SLAB_NO_MERGE, NULL);
	void *object = tri_kmem_cache_alloc(other, TRI_GFP_KERNEL);

	(void)core;
	/* SLOB's objects all lie in the same frames, and only debugging tells them apart. */
	if (strcmp(variant->slab, "slob"))
		assert_panics(tri_kmem_cache_free(mine, object));
#if TRI_CHECK_LEVEL >= 1
	if (strcmp(variant->slab, "slob"))
		assert_panics(tri_kmem_cache_free_bulk(mine, 1, &object));
#endif
	plat_pin_depth = 0;
	tri_kmem_cache_free(other, object);
	assert_int_equal(tri_kmem_cache_destroy(mine), 0);
	assert_int_equal(tri_kmem_cache_destroy(other), 0);
}

/* This CPU has no array of the cache yet: so the free misses, and is looked at. */
static void wrong_cache(void **state)
{
	(void)state;
	variants_all(foreign, 1, 2048);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments),
		cmocka_unit_test(alignment),
		cmocka_unit_test(cache_lines),
		cmocka_unit_test(too_many),
		cmocka_unit_test(destroy_with_leaks),
		cmocka_unit_test(shrink_gives_frames_back),
		cmocka_unit_test(objects_are_counted),
		cmocka_unit_test(constructor),
		cmocka_unit_test(bulk),
		cmocka_unit_test(where_frames_lie),
		cmocka_unit_test(wrong_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
