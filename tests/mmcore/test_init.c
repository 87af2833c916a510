/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_init.c - init_on_alloc=1: whatever call handed it out, memory that held ones reads zero;
 * init_on_free=1: it does from its free on. With neither, nothing is cleared for nobody.
 */
#include <string.h>

#include "answers.h"
#include "slab_variants.h"

#define MIB (1UL << 20)

static struct tri_core *start(const char *question, const char *answer, const char *init)
{
	struct tri_config config;

	model_config(&config, 1, 4096, 64 * MIB);
	assert_int_equal(tri_config_set(&config, question, answer), 0);
	if (init)
		assert_int_equal(tri_config_set(&config, init, "1"), 0);
	return model_start(&config);
}

static unsigned long cleared(struct tri_core *core)
{
	return model_event(core, TRI_EVENT_bytes_init);
}

/* At check level 2 it is also the caller's, to the last byte asked for and no further. */
static void assert_zero(const void *memory, unsigned long bytes)
{
	const unsigned char *at = memory;
	const char *why;

	assert_non_null(memory);
	assert_null(tri_shadow_fault(plat_core(), memory, bytes, &why));
	for (unsigned long i = 0; i < bytes; i++)
		assert_int_equal(at[i], 0);
}

/* So that it matters: without init_on_alloc= the next one to come would read ones. */
static void *dirty(void *memory, unsigned long bytes)
{
	assert_zero(memory, bytes);
	return memset(memory, 0xff, bytes);
}

static void fill_with_ones(void)
{
	static void *block[4096];
	unsigned int n = 0;

	while (n < 4096 && (block[n] = tri_get_free_pages(
				    TRI_GFP_KERNEL | TRI_GFP_NOWARN | TRI_GFP_MEMALLOC, 0)))
		memset(block[n++], 0xff, TRI_PAGE_SIZE);
	while (n)
		tri_free_page_ptr(block[--n]);
}

static void pages(void)
{
	unsigned long pfn[8];
	char *memory;

	for (unsigned int order = 0; order <= 4; order++) {
		for (int again = 0; again < 2; again++) {
			memory = tri_get_free_pages(TRI_GFP_KERNEL, order);
			dirty(memory, TRI_PAGE_SIZE << order);
			tri_free_pages_ptr(memory, order);
		}
	}
	memory = tri_get_free_pages(TRI_GFP_KERNEL | TRI_GFP_MOVABLE, 0);
	dirty(memory, TRI_PAGE_SIZE);
	tri_free_page_ptr(memory);
	memory = tri_alloc_pages_exact(TRI_GFP_KERNEL, 5 * TRI_PAGE_SIZE);
	dirty(memory, 5 * TRI_PAGE_SIZE);
	tri_free_pages_exact(memory, 5 * TRI_PAGE_SIZE);
	for (int i = 0; i < 8; i++)
		pfn[i] = TRI_PFN_NONE;
	assert_int_equal(tri_alloc_pages_bulk(TRI_GFP_KERNEL, 8, pfn), 8);
	for (int i = 0; i < 8; i++)
		dirty(plat_pfn_to_ptr(pfn[i]), TRI_PAGE_SIZE);
	tri_free_pages_bulk(8, pfn);
}

static void pages_are_cleared(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(answer, "pages")
	{
		struct tri_core *core =
			start("pages", tri_policy_info[answer].answer, "init_on_alloc");
		unsigned long before;

		fill_with_ones();
		pages();
		pages();
		/* Exactly what was asked for, once; not once more for who asks for zeros anyway. */
		before = cleared(core);
		tri_free_pages(tri_alloc_pages(TRI_GFP_KERNEL, 2), 2);
		assert_int_equal(cleared(core) - before, 4 * TRI_PAGE_SIZE);
		tri_free_page_ptr(tri_get_zeroed_page(TRI_GFP_KERNEL));
		assert_int_equal(cleared(core) - before, 4 * TRI_PAGE_SIZE);
		model_stop(core);
	}
}

static void by_size(unsigned long size)
{
	char *object = tri_kmalloc(size, TRI_GFP_KERNEL);

	dirty(object, size);
	/* In place or not: what is new is zero. */
	object = tri_krealloc(object, 3 * size, TRI_GFP_KERNEL);
	assert_zero(object + size, 2 * size);
	tri_kfree(object);
	object = tri_kvmalloc(size, TRI_GFP_KERNEL);
	dirty(object, size);
	tri_kvfree(object);
}

static void of_a_cache(void)
{
	struct kmem_cache *cache = tri_kmem_cache_create("init", 72, 0, TRI_SLAB_NO_MERGE, NULL);
	void *object[40];

	for (int again = 0; again < 2; again++) {
		for (int i = 0; i < 40; i++)
			object[i] = dirty(tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL), 72);
		for (int i = 0; i < 40; i++)
			tri_kmem_cache_free(cache, object[i]);
		assert_int_equal(tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 40, object), 40);
		for (int i = 0; i < 40; i++)
			dirty(object[i], 72);
		tri_kmem_cache_free_bulk(cache, 40, object);
	}
	tri_kmem_cache_destroy(cache);
}

static void construct(void *object)
{
	memset(object, 0x77, 40);
}

static void a_constructed_object_keeps_its_state(void)
{
	struct kmem_cache *cache = tri_kmem_cache_create("made", 40, 0, 0, construct);
	unsigned char *object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);

	for (int i = 0; i < 40; i++)
		assert_int_equal(object[i], 0x77);
	tri_kmem_cache_free(cache, object);
	tri_kmem_cache_destroy(cache);
}

/* Poison is to show who reads what he did not write: it stays, as in Linux. */
static void objects_are_cleared(void **state)
{
	(void)state;
	for (unsigned long i = 0; i < VARIANTS; i++) {
		struct tri_config config;
		struct tri_core *core;

		model_config(&config, 1, 4096, 64 * MIB);
		tri_config_set(&config, "slab", variants[i].slab);
		tri_config_set(&config, "sheaves", variants[i].sheaves);
		tri_config_set(&config, "slab_debug", variants[i].debug);
		tri_config_set(&config, "init_on_alloc", "1");
		core = model_start(&config);
		if (*variants[i].debug == '0') {
			fill_with_ones();
			for (unsigned long size = 1; size < 20000; size += 1 + size / 7)
				by_size(size);
			of_a_cache();
		}
		a_constructed_object_keeps_its_state();
		model_stop(core);
	}
}

static void areas(struct tri_core *core)
{
	unsigned long before = cleared(core);
	char *memory = tri_vmalloc(5000);

	dirty(memory, 5000);
	/* With or without a page for a table. */
	assert_int_equal((cleared(core) - before) % TRI_PAGE_SIZE, 5000 % TRI_PAGE_SIZE);
	memory = tri_vrealloc(memory, 30000, TRI_GFP_KERNEL);
	assert_zero(memory + 5000, 25000);
	memset(memory, 0xff, 30000);
	memory = tri_vrealloc(memory, 100, TRI_GFP_KERNEL);
	memory = tri_vrealloc(memory, 4000, TRI_GFP_KERNEL);
	assert_zero(memory + 100, 3900);
	tri_vfree(memory);
	/* Blocks, too, once: by the area's addresses, not again by their own. */
	before = cleared(core);
	memory = tri_vmalloc_huge(2 * MIB + 3, TRI_GFP_KERNEL);
	dirty(memory, 2 * MIB + 3);
	assert_in_range(cleared(core) - before, 2 * MIB + 3, 2 * MIB + 3 + 8 * TRI_PAGE_SIZE);
	tri_vfree(memory);
}

static void areas_are_cleared(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(answer, "vrealloc")
	{
		struct tri_core *core =
			start("vrealloc", tri_policy_info[answer].answer, "init_on_alloc");

		fill_with_ones();
		areas(core);
		areas(core);
		model_stop(core);
	}
}

/* Words that are as they were filled, with ones: a link of the allocator's never is. */
static unsigned long ones_left(const void *memory, unsigned long bytes)
{
	const uint64_t *at = memory;
	unsigned long n = 0;

	for (unsigned long i = 0; i < bytes / sizeof(*at); i++)
		n += at[i] == ~0UL;
	return n;
}

static void of_a_cache_freed(struct tri_core *core)
{
	struct kmem_cache *cache = tri_kmem_cache_create("init", 72, 0, TRI_SLAB_NO_MERGE, NULL);
	unsigned long before = cleared(core);
	void *object[20];

	for (int i = 0; i < 20; i++)
		object[i] = memset(tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL), 0xff, 72);
	for (int i = 0; i < 10; i++)
		tri_kmem_cache_free(cache, object[i]);
	tri_kmem_cache_free_bulk(cache, 10, object + 10);
	for (int i = 0; i < 20; i++)
		assert_int_equal(ones_left(object[i], 72), 0);
	assert_true(cleared(core) - before >= 20 * 72);
	tri_kmem_cache_destroy(cache);
}

/* What the allocator links free objects with is its own. */
static void freed_objects_are_zero(void **state)
{
	(void)state;
	for (unsigned long i = 0; i < VARIANTS; i++) {
		struct tri_config config;
		struct tri_core *core;

		if (*variants[i].debug == '1')
			continue;
		model_config(&config, 1, 4096, 64 * MIB);
		tri_config_set(&config, "slab", variants[i].slab);
		tri_config_set(&config, "sheaves", variants[i].sheaves);
		tri_config_set(&config, "init_on_free", "1");
		core = model_start(&config);
		for (unsigned long size = 8; size <= 16384; size *= 2) {
			void *object = memset(tri_kmalloc(size, TRI_GFP_KERNEL), 0xff, size);
			unsigned long before = cleared(core);

			tri_kfree(object);
			assert_int_equal(ones_left(object, size), 0);
			assert_true(cleared(core) - before >= size);
		}
		of_a_cache_freed(core);
		model_stop(core);
	}
}

static void freed_pages_are_zero(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(answer, "pages")
	{
		struct tri_core *core =
			start("pages", tri_policy_info[answer].answer, "init_on_free");
		unsigned long pfn[8], before;
		char *memory, *frame[6];

		for (unsigned int order = 0; order <= 4; order++) {
			memory = tri_get_free_pages(TRI_GFP_KERNEL, order);
			memset(memory, 0xff, TRI_PAGE_SIZE << order);
			before = cleared(core);
			tri_free_pages_ptr(memory, order);
			assert_int_equal(ones_left(memory, TRI_PAGE_SIZE << order), 0);
			assert_int_equal(cleared(core) - before, TRI_PAGE_SIZE << order);
		}
		for (int i = 0; i < 8; i++)
			pfn[i] = TRI_PFN_NONE;
		assert_int_equal(tri_alloc_pages_bulk(TRI_GFP_KERNEL, 8, pfn), 8);
		for (int i = 0; i < 6; i++) {
			frame[i] = plat_pfn_to_ptr(pfn[i]);
			memset(frame[i], 0xff, TRI_PAGE_SIZE);
		}
		tri_free_pages_bulk(8, pfn);
		for (int i = 0; i < 6; i++)
			assert_int_equal(ones_left(frame[i], TRI_PAGE_SIZE), 0);
		memory = memset(tri_vmalloc(6 * TRI_PAGE_SIZE), 0xff, 6 * TRI_PAGE_SIZE);
		for (int i = 0; i < 6; i++)
			frame[i] = plat_pfn_to_ptr(tri_vmalloc_to_pfn(memory + i * TRI_PAGE_SIZE));
		before = cleared(core);
		tri_vfree(memory);
		assert_int_equal(cleared(core) - before, 6 * TRI_PAGE_SIZE);
		for (int i = 0; i < 6; i++)
			assert_int_equal(ones_left(frame[i], TRI_PAGE_SIZE), 0);
		model_stop(core);
	}
}

/* Once each, and all of it: a block of 2 MiB by its area's free, a table by its own. */
static void freed_blocks_are_zero(void **state)
{
	struct tri_core *core = start("huge", "on", "init_on_free");
	unsigned long before, tables = model_event(core, TRI_EVENT_table_free);
	char *memory, *block;

	(void)state;
	tri_vfree(tri_vmalloc_align(1, 2 * MIB, TRI_GFP_KERNEL));
	tri_vmalloc_purge();
	before = cleared(core);
	memory = tri_vmalloc_huge(2 * MIB, TRI_GFP_KERNEL);
	/* The table that was there for single pages. */
	assert_int_equal(model_event(core, TRI_EVENT_table_free) - tables, 1);
	assert_int_equal(cleared(core) - before, TRI_PAGE_SIZE);
	block = plat_pfn_to_ptr(tri_vmalloc_to_pfn(memory));
	assert_int_equal(tri_vmalloc_to_pfn(memory + TRI_PAGE_SIZE),
			 tri_vmalloc_to_pfn(memory) + 1);
	memset(memory, 0xff, 2 * MIB);
	before = cleared(core);
	tri_vfree(memory);
	tri_vmalloc_purge();
	assert_int_equal(cleared(core) - before, 2 * MIB);
	assert_int_equal(ones_left(block, 2 * MIB), 0);
	model_stop(core);
}

/* The same calls, neither set: what was written is what is read. */
static void nothing_is_cleared_unasked(void **state)
{
	struct tri_core *core = start("pages", "buddy", NULL);
	char *memory = memset(tri_get_free_pages(TRI_GFP_KERNEL, 0), 0xff, TRI_PAGE_SIZE), *object;

	(void)state;
	tri_free_page_ptr(memory);
	assert_ptr_equal(tri_get_free_pages(TRI_GFP_KERNEL, 0), memory);
	assert_int_equal(ones_left(memory, TRI_PAGE_SIZE), TRI_PAGE_SIZE / 8);
	tri_free_page_ptr(memory);
	object = memset(tri_kmalloc(1000, TRI_GFP_KERNEL), 0xff, 1000);
	tri_kfree(object);
	assert_true(ones_left(object, 1000) >= 1000 / 8 - 1);
	tri_vfree(tri_vmalloc(5000));
	assert_int_equal(cleared(core), 0);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_cleared),
		cmocka_unit_test(objects_are_cleared),
		cmocka_unit_test(areas_are_cleared),
		cmocka_unit_test(freed_pages_are_zero),
		cmocka_unit_test(freed_blocks_are_zero),
		cmocka_unit_test(freed_objects_are_zero),
		cmocka_unit_test(nothing_is_cleared_unasked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
