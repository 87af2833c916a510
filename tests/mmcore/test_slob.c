/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_slob.c - slab=slob: where objects land in shared pages, what a page's free pieces look
 * like, and what tri_check() finds. That objects never overlap is test_slab.c's.
 */
#include <string.h>

#include "model_platform.h"
#include "slab_slob.h"

#define WINDOW (4UL << 20)

static struct tri_core *start(void)
{
	struct tri_config config;

	model_config(&config, 2, 1024, WINDOW);
	assert_int_equal(tri_config_set(&config, "slab", "slob"), 0);
	return model_start(&config);
}

static struct kmem_cache *create(unsigned int size, unsigned int align)
{
	struct kmem_cache *cache =
		tri_kmem_cache_create("tested", size, align, TRI_SLAB_NO_MERGE, NULL);

	assert_non_null(cache);
	return cache;
}

static char *take(struct kmem_cache *cache)
{
	char *object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);

	assert_non_null(object);
	return object;
}

static struct frame *frame_of(struct tri_core *core, const void *object)
{
	return frame_find(&core->frames, plat_ptr_to_pfn(object));
}

static unsigned long pages_shared(struct tri_core *core)
{
	unsigned long n = 0;

	for (unsigned long i = 0; i < core->frames.sections * SECTION_FRAMES; i++)
		n += core->frames.frame[i].cache == SLAB_SHARED;
	return n;
}

static void objects_lie_side_by_side(void **state)
{
	struct tri_core *core = start();
	struct kmem_cache *ten = create(10, 0), *odd = create(31, 0);
	char *first = take(ten), *second;

	(void)state;
	assert_int_equal((uintptr_t)first % TRI_PAGE_SIZE, 0);
	/* Rounded to units of two bytes, and to where its alignment allows. */
	assert_ptr_equal(second = take(ten), first + 16);
	assert_ptr_equal(take(odd), first + 32);
	assert_ptr_equal(take(odd), first + 64);
	/* The gaps between them serve what fits. */
	assert_int_equal(tri_kmem_cache_size(ten), 10);
	tri_kmem_cache_free(ten, second);
	assert_ptr_equal(take(ten), second);
	assert_sound(core);
	model_abandon(core);
}

static void kmalloc_keeps_its_size_in_front(void **state)
{
	struct tri_core *core = start();
	char *odd = tri_kmalloc(21, TRI_GFP_KERNEL), *power = tri_kmalloc(512, TRI_GFP_KERNEL);

	(void)state;
	assert_int_equal(*(uint32_t *)(odd - 8), 21);
	assert_int_equal(tri_ksize(odd), 22);
	assert_int_equal((uintptr_t)odd % 8, 0);
	assert_int_equal((uintptr_t)power % 512, 0);
	/* What fits no page with its header is a block of pages. */
	assert_int_equal(frame_of(core, tri_kmalloc(4087, TRI_GFP_KERNEL))->cache, SLAB_SHARED);
	assert_int_equal(frame_of(core, tri_kmalloc(4088, TRI_GFP_KERNEL))->cache, 0);
	assert_sound(core);
	model_abandon(core);
}

/* Three lists by size: small objects don't use up pages of large ones. */
static void classes_have_pages_of_their_own(void **state)
{
	static const unsigned int sizes[] = {254, 256, 1022, 1024};
	struct tri_core *core = start();
	struct frame *page[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		page[i] = frame_of(core, take(create(sizes[i], 0)));
	assert_ptr_not_equal(page[0], page[1]);
	assert_ptr_equal(page[1], page[2]);
	assert_ptr_not_equal(page[2], page[3]);
	assert_sound(core);
	model_abandon(core);
}

/* Free neighbours become one piece, and an empty page goes back at once. */
static void pieces_join(void **state)
{
	static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					{1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	struct tri_core *core = start();
	struct kmem_cache *cache = create(64, 0);

	(void)state;
	for (int i = 0; i < 6; i++) {
		char *keep = take(cache), *object[3], *last;
		unsigned int next;

		for (int n = 0; n < 3; n++)
			object[n] = take(cache);
		last = take(cache);
		for (int n = 0; n < 3; n++) {
			tri_kmem_cache_free(cache, object[orders[i][n]]);
			assert_sound(core);
		}
		assert_int_equal(slob_piece((int16_t *)keep, 32, &next), 96);
		assert_int_equal(next, 160);
		tri_kmem_cache_free(cache, keep);
		assert_int_equal(pages_shared(core), 1);
		tri_kmem_cache_free(cache, last);
		assert_int_equal(pages_shared(core), 0);
		assert_sound(core);
	}
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model_stop(core);
}

/* The search starts where the last one ended; first fit within the page. */
static void next_fit(void **state)
{
	struct tri_core *core = start();
	struct kmem_cache *cache = create(128, 0);
	char *object[96];

	(void)state;
	for (int i = 0; i < 96; i++)
		object[i] = take(cache);
	assert_int_equal(pages_shared(core), 3);
	/* Pages that were full come to the front as they get room: 2, 1, 0. */
	for (int page = 0; page < 3; page++) {
		tri_kmem_cache_free(cache, object[page * 32 + 9]);
		tri_kmem_cache_free(cache, object[page * 32 + 4]);
	}
	assert_ptr_equal(take(cache), object[64 + 4]);
	assert_ptr_equal(take(cache), object[64 + 9]);
	assert_ptr_equal(take(cache), object[32 + 4]);
	tri_kmem_cache_free(cache, object[64]);
	tri_kmem_cache_free(cache, object[1]);
	/* Now first in line is the page that was full last. */
	assert_ptr_equal(take(cache), object[64]);
	assert_sound(core);
	/* The page before has no two neighbours free: the one that has is first from now on. */
	tri_kmem_cache_free(cache, object[2]);
	assert_ptr_equal(take(create(250, 0)), object[1]);
	assert_ptr_equal(take(cache), object[4]);
	assert_ptr_equal(take(cache), object[9]);
	assert_ptr_equal(take(cache), object[32 + 9]);
	assert_sound(core);
	model_abandon(core);
}

/* Objects of a page and more have frames of their own. */
static void large_objects(void **state)
{
	struct tri_core *core = start();
	struct kmem_cache *cache = create(5000, 0);
	char *object = take(cache);
	struct tri_slab_info info;

	(void)state;
	assert_int_equal(frame_of(core, object)->cache, cache->number);
	assert_true(tri_slab_info(core, cache->number, &info));
	assert_int_equal(info.objects_active, 1);
	assert_int_equal(info.slabs_active, 1);
	assert_int_equal(info.frames, 2 + 1);
	assert_sound(core);
	model.quiet = true;
	assert_int_equal(tri_kmem_cache_destroy(cache), 1);
	assert_non_null(strstr(model.log, "object 0x"));
	model_abandon(core);
}

static void leaks_are_counted(void **state)
{
	struct tri_core *core = start();
	struct kmem_cache *cache = create(40, 0);
	char *object = take(cache);

	(void)state;
	take(cache);
	tri_kmem_cache_free(cache, object);
	take(cache);
	model.quiet = true;
	assert_int_equal(tri_kmem_cache_destroy(cache), 2);
	assert_non_null(strstr(model.log, "tested: 2 objects are still in use"));
	model_abandon(core);
}

/* A DMA cache's pages serve nobody else, and lie where devices reach them. */
static void zones_are_apart(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	struct kmem_cache *dma;
	char *object, *other;

	(void)state;
	model_config(&config, 2, 4096, WINDOW);
	assert_int_equal(tri_config_set(&config, "slab", "slob"), 0);
	config.zone_end[0] = config.zone_end[1] = 2048;
	core = model_start(&config);
	other = take(create(64, 0));
	dma = tri_kmem_cache_create("dma", 64, 0, TRI_SLAB_CACHE_DMA, NULL);
	object = take(dma);
	assert_true(frame_of(core, object)->pfn < 2048);
	assert_true(frame_of(core, other)->pfn >= 2048);
	assert_ptr_equal(frame_of(core, tri_kmalloc(50, TRI_GFP_KERNEL | TRI_GFP_DMA)),
			 frame_of(core, object));
	assert_ptr_equal(frame_of(core, tri_kmalloc(50, TRI_GFP_KERNEL)), frame_of(core, other));
	assert_sound(core);
	model_abandon(core);
}

static void double_free_panics(void **state)
{
	struct tri_core *core = start();
	struct kmem_cache *cache = create(64, 0);
	char *object[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		object[i] = take(cache);
	tri_kmem_cache_free(cache, object[1]);
	assert_panics(tri_kmem_cache_free(cache, object[1]));
	model_abandon(core);
}

/* --- What tri_check() must find; @page has pieces of 32, 32 and the rest. --- */

struct scene {
	struct tri_core *core;
	struct frame *frame;
	struct slob_words *words;
	int16_t *page;
};

static void piece_too_long(struct scene *scene)
{
	scene->page[32] = 128;
}

static void piece_lost(struct scene *scene)
{
	scene->words->first = 96;
}

static void piece_leads_back(struct scene *scene)
{
	scene->page[97] = 32;
}

static void piece_leads_out(struct scene *scene)
{
	scene->page[97] = 3000;
}

static void pieces_touch(struct scene *scene)
{
	scene->page[32] = 16;
	scene->page[33] = 48;
	scene->page[48] = 16;
	scene->page[49] = 96;
}

static void units_wrong(struct scene *scene)
{
	scene->words->units--;
}

static void page_of_another_class(struct scene *scene)
{
	scene->words->class = SLOB_LARGE;
}

static void page_lost(struct scene *scene)
{
	frame_list_pop_head(&scene->core->frames, &scene->core->slob.pages[SLOB_ANY][SLOB_SMALL]);
}

static void page_of_no_cache(struct scene *scene)
{
	scene->frame->cache = 200;
}

static void damage_is_found(void **state)
{
	static void (*const inflict[])(struct scene * scene) = {
		piece_too_long,	       piece_lost,   piece_leads_back,
		piece_leads_out,       pieces_touch, units_wrong,
		page_of_another_class, page_lost,    page_of_no_cache,
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(inflict) / sizeof(inflict[0]); i++) {
		struct scene scene = {.core = start()};
		struct kmem_cache *cache = create(64, 0);
		char *object[5];

		for (int n = 0; n < 5; n++)
			object[n] = take(cache);
		tri_kmem_cache_free(cache, object[1]);
		tri_kmem_cache_free(cache, object[3]);
		scene.page = (int16_t *)object[0];
		scene.frame = frame_of(scene.core, object[0]);
		scene.words = slob_words(scene.frame);
		assert_int_equal(scene.words->first, 32);
		assert_sound(scene.core);
		inflict[i](&scene);
		model.quiet = true;
		if (!tri_check(scene.core))
			fail_msg("damage %u was not found", i);
		model_abandon(scene.core);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_lie_side_by_side),
		cmocka_unit_test(kmalloc_keeps_its_size_in_front),
		cmocka_unit_test(classes_have_pages_of_their_own),
		cmocka_unit_test(pieces_join),
		cmocka_unit_test(next_fit),
		cmocka_unit_test(large_objects),
		cmocka_unit_test(leaks_are_counted),
		cmocka_unit_test(zones_are_apart),
		cmocka_unit_test(double_free_panics),
		cmocka_unit_test(damage_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
