/* SPDX-License-Identifier: GPL-2.0-only */
/* test_kmalloc.c - memory by size, one call at a time; the streams are test_slab.c's. */
#include <string.h>

#include "fault.h"
#include "shadow.h"
#include "slab_variants.h"

static void each_size(struct tri_core *core, const struct variant *variant)
{
	(void)variant;
	for (unsigned long size = 1; size <= TRI_KMALLOC_MAX; size += size < 9000 ? 1 : size / 3) {
		unsigned char *object = tri_kmalloc(size, TRI_GFP_KERNEL);

		assert_non_null(object);
		assert_true(tri_ksize(object) >= size);
		if (!(size & (size - 1)))
			assert_int_equal((uintptr_t)object %
						 (size < TRI_PAGE_SIZE ? size : TRI_PAGE_SIZE),
					 0);
		memset(object, 0xee, size);
		tri_kfree(object);
		object = tri_kzalloc(size, TRI_GFP_KERNEL);
		for (unsigned long i = 0; i < size; i++) {
			if (object[i])
				fail_msg("byte %lu of %lu is not zero", i, size);
		}
		tri_kfree(object);
	}
	assert_null(tri_kmalloc(TRI_KMALLOC_MAX + 1, TRI_GFP_KERNEL | TRI_GFP_NOWARN));
	assert_null(tri_kmalloc(~0UL, TRI_GFP_KERNEL | TRI_GFP_NOWARN));
	assert_sound(core);
}

static void sizes(void **state)
{
	(void)state;
	variants_all(each_size, 1, 4096);
}

/* What Linux's kmalloc_info says, as ksize() shows it. */
static void classes(void **state)
{
	static const struct {
		unsigned long size, class;
	} expect[] = {{1, 8},	    {8, 8},	   {9, 16},	  {17, 32},	{33, 64},
		      {64, 64},	    {65, 96},	   {96, 96},	  {97, 128},	{129, 192},
		      {192, 192},   {193, 256},	   {257, 512},	  {1025, 2048}, {4097, 8192},
		      {8192, 8192}, {8193, 16384}, {16385, 32768}};
	struct tri_core *core = variant_start(&variants[0], 1, 2048);

	(void)state;
	for (unsigned long i = 0; i < sizeof(expect) / sizeof(expect[0]); i++) {
		void *object = tri_kmalloc(expect[i].size, TRI_GFP_KERNEL);

		assert_int_equal(tri_ksize(object), expect[i].class);
		tri_kfree(object);
	}
	model_stop(core);
}

static void nothing(struct tri_core *core, const struct variant *variant)
{
	(void)core, (void)variant;
	assert_ptr_equal(tri_kmalloc(0, TRI_GFP_KERNEL), TRI_ZERO_SIZE_PTR);
	assert_ptr_equal(tri_kzalloc(0, TRI_GFP_KERNEL), TRI_ZERO_SIZE_PTR);
	assert_int_equal(tri_ksize(TRI_ZERO_SIZE_PTR), 0);
	assert_int_equal(tri_ksize(NULL), 0);
	tri_kfree(NULL);
	tri_kfree(TRI_ZERO_SIZE_PTR);
	tri_kvfree(NULL);
	assert_ptr_equal(tri_krealloc(NULL, 0, TRI_GFP_KERNEL), TRI_ZERO_SIZE_PTR);
}

static void size_zero(void **state)
{
	(void)state;
	variants_all(nothing, 1, 1024);
}

static void products(struct tri_core *core, const struct variant *variant)
{
	unsigned char *object;

	(void)core, (void)variant;
	assert_null(tri_kmalloc_array(1UL << 33, 1UL << 31, TRI_GFP_KERNEL));
	assert_null(tri_kcalloc(~0UL, 2, TRI_GFP_KERNEL));
	/* 2^64 + 16, cut off, would be 16. */
	assert_null(tri_kmalloc_array((1UL << 60) + 1, 16, TRI_GFP_KERNEL));
	object = tri_kcalloc(10, 30, TRI_GFP_KERNEL);
	assert_true(tri_ksize(object) >= 300);
	for (int i = 0; i < 300; i++)
		assert_int_equal(object[i], 0);
	tri_kfree(object);
	object = tri_kmalloc_array(10, 30, TRI_GFP_KERNEL);
	assert_true(tri_ksize(object) >= 300);
	tri_kfree(object);
}

static void overflow(void **state)
{
	(void)state;
	variants_all(products, 1, 1024);
}

static void resizing(struct tri_core *core, const struct variant *variant)
{
	unsigned char *object = tri_krealloc(NULL, 20, TRI_GFP_KERNEL), *other;
	static void *hoard[4096];
	unsigned long n = 0;

	(void)variant;
	memset(object, 0x3c, 20);
	/* It stays where it is while its class suffices. */
	assert_ptr_equal(tri_krealloc(object, 5, TRI_GFP_KERNEL), object);
	other = tri_krealloc(object, 20000, TRI_GFP_KERNEL);
	assert_non_null(other);
	/* Of a debugged object only what was asked for last is kept. */
	for (int i = 0; i < 5; i++)
		assert_int_equal(other[i], 0x3c);
	/* No memory: the old one stays as it is. */
	while ((hoard[n] = tri_kmalloc(4096, TRI_GFP_KERNEL | TRI_GFP_NOWARN)))
		n++;
	assert_null(tri_krealloc(other, 1UL << 20, TRI_GFP_KERNEL | TRI_GFP_NOWARN));
	for (int i = 0; i < 5; i++)
		assert_int_equal(other[i], 0x3c);
	while (n)
		tri_kfree(hoard[--n]);
	assert_ptr_equal(tri_krealloc(other, 0, TRI_GFP_KERNEL), TRI_ZERO_SIZE_PTR);
	assert_sound(core);
}

static void resize(void **state)
{
	(void)state;
	variants_all(resizing, 1, 1024);
}

static void zeroed_growth(struct tri_core *core, const struct variant *variant)
{
	unsigned char *object = tri_kzalloc(100, TRI_GFP_KERNEL);

	(void)core, (void)variant;
	memset(object, 0xff, 100);
	object = tri_krealloc(object, 50, TRI_GFP_KERNEL | TRI_GFP_ZERO);
	for (unsigned long size = 51; size < 3000; size += 97) {
		object = tri_krealloc(object, size, TRI_GFP_KERNEL | TRI_GFP_ZERO);
		for (unsigned long i = 0; i < size; i++) {
			if (object[i] != (i < 50 ? 0xff : 0))
				fail_msg("byte %lu of %lu is %x", i, size, object[i]);
		}
	}
	tri_kfree(object);
}

static void resize_zeroed(void **state)
{
	(void)state;
	variants_all(zeroed_growth, 1, 1024);
}

static void strays(struct tri_core *core, const struct variant *variant)
{
	char *block = tri_kmalloc(40000, TRI_GFP_KERNEL);
	unsigned long pfn;

	(void)variant;
	assert_panics(tri_kfree(block + TRI_PAGE_SIZE));
	assert_panics(tri_kfree(block + 8));
	assert_panics(tri_ksize(block + 8));
	tri_kfree(block);
	assert_panics(tri_kfree(block));
	pfn = tri_table_pfn(core, MODEL_WINDOW);
	assert_panics(tri_kfree(plat_pfn_to_ptr(pfn)));
	plat_pin_depth = 0;
}

static void bad_frees_panic(void **state)
{
	(void)state;
	variants_all(strays, 1, 1024);
}

static void mixed(struct tri_core *core, const struct variant *variant)
{
	void *object[60];

	(void)variant;
	for (int i = 0; i < 60; i++)
		object[i] = i % 7 == 3	 ? NULL
			    : i % 7 == 5 ? tri_kmalloc(20000, TRI_GFP_KERNEL)
					 : tri_kmalloc(8UL << i % 5, TRI_GFP_KERNEL);
	tri_kfree_bulk(60, object);
	assert_sound(core);
}

static void bulk(void **state)
{
	(void)state;
	variants_all(mixed, 1, 1024);
}

static void kinds(struct tri_core *core, const struct variant *variant)
{
	void *plain = tri_kmalloc(64, TRI_GFP_KERNEL);
	void *dma = tri_kmalloc(64, TRI_GFP_KERNEL | TRI_GFP_DMA);
	void *reclaimable = tri_kmalloc(64, TRI_GFP_KERNEL | TRI_GFP_RECLAIMABLE);

	/* With SLUB and SLAB each kind has caches of its own. */
	if (dma && strcmp(variant->slab, "slob")) {
		const struct frame_table *table = &core->frames;
		uint16_t number = frame_find(table, plat_ptr_to_pfn(plain))->cache;

		assert_int_not_equal(frame_find(table, plat_ptr_to_pfn(dma))->cache, number);
		assert_int_not_equal(frame_find(table, plat_ptr_to_pfn(reclaimable))->cache,
				     number);
	}
	tri_kfree(plain);
	tri_kfree(dma);
	tri_kfree(reclaimable);
}

static void kinds_of_memory(void **state)
{
	(void)state;
	variants_all(kinds, 1, 1024);
}

/* --- What tests can ask of it: failures, and whose bytes are whose --- */

#if TRI_CHECK_LEVEL >= 1
static void failing(struct tri_core *core, const struct variant *variant)
{
	const struct tri_fault fault = {.after = 3, .interval = 2, .times = 2};
	struct kmem_cache *cache = tri_kmem_cache_create("fail", 64, 0, TRI_SLAB_NO_MERGE, NULL);
	static const bool fails[] = {false, false, false, true, false, true, false, false};
	void *object[4];

	(void)variant;
	tri_fault_set(core, TRI_FAULT_SLAB, &fault);
	for (int i = 0; i < 8; i++) {
		void *one = i % 2 ? tri_kmalloc(40, TRI_GFP_KERNEL)
				  : tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);

		assert_int_equal(!one, fails[i]);
		if (i % 2)
			tri_kfree(one);
		else if (one)
			tri_kmem_cache_free(cache, one);
	}
	assert_int_equal(tri_fault_failures(core, TRI_FAULT_SLAB), 2);
	tri_fault_set(core, TRI_FAULT_SLAB, &(struct tri_fault){.interval = 1});
	assert_null(tri_kzalloc(8, TRI_GFP_KERNEL));
	assert_int_equal(tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 4, object), 0);
	object[0] = tri_kmalloc(8, TRI_GFP_KERNEL | TRI_GFP_NOFAIL);
	assert_non_null(object[0]);
	assert_null(tri_krealloc(object[0], 4000, TRI_GFP_KERNEL));
	tri_kfree(object[0]);
	tri_fault_set(core, TRI_FAULT_SLAB, &(struct tri_fault){0});
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
}

/* Neither pages nor addresses: it is tried again until there are some. */
static void not_failing(struct tri_core *core, const struct variant *variant)
{
	static const enum tri_fault_site site[] = {TRI_FAULT_PAGES, TRI_FAULT_AREA};
	void *memory;

	(void)variant;
	for (int i = 0; i < 2; i++) {
		const struct tri_fault fault = {.interval = 1, .times = 10};

		/* Larger than kmalloc's largest, so that vmalloc has to do it. */
		tri_fault_set(core, site[i], &fault);
		memory = tri_kvmalloc(TRI_KMALLOC_MAX + 1, TRI_GFP_KERNEL | TRI_GFP_NOFAIL);
		assert_non_null(memory);
		assert_int_equal(tri_fault_failures(core, site[i]), 10);
		tri_kvfree(memory);
		tri_fault_set(core, site[i], &fault);
		assert_null(tri_kvmalloc(TRI_KMALLOC_MAX + 1, TRI_GFP_KERNEL));
		tri_fault_set(core, site[i], &(struct tri_fault){0});
	}
	/* Without end it would be where there never was enough. */
	assert_null(tri_kvmalloc(1UL << 40, TRI_GFP_KERNEL | TRI_GFP_NOFAIL));
	assert_null(tri_kvmalloc(~0UL, TRI_GFP_KERNEL | TRI_GFP_NOFAIL));
	assert_non_null(memory = tri_kvrealloc(NULL, TRI_KMALLOC_MAX + 1, TRI_GFP_KERNEL));
	tri_kvfree(memory);
}

static void what_must_not_fail_does_not(void **state)
{
	(void)state;
	variants_all(not_failing, 1, 4096);
}

static void injected_failures(void **state)
{
	(void)state;
	variants_all(failing, 1, 1024);
}
#endif

#if TRI_CHECK_LEVEL >= 2
static void owned(struct tri_core *core, const struct variant *variant)
{
	struct kmem_cache *cache = tri_kmem_cache_create("own", 50, 0, TRI_SLAB_NO_MERGE, NULL);
	char *object = tri_kmalloc(20, TRI_GFP_KERNEL), *other;
	const char *why;

	assert_null(tri_shadow_fault(core, object, 20, &why));
	/* A debugged object is held to what was asked for: its tail is not ksize()'s. */
	if (!strcmp(variant->debug, "0") && strcmp(variant->slab, "slob"))
		assert_ptr_equal(tri_shadow_fault(core, object, 32, &why), object + 20);
	object = tri_krealloc(object, 9, TRI_GFP_KERNEL);
	assert_null(tri_shadow_fault(core, object, 9, &why));
	assert_ptr_equal(tri_shadow_fault(core, object, 20, &why), object + 9);
	tri_kfree(object);
	assert_ptr_equal(tri_shadow_fault(core, object, 1, &why), object);

	object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	other = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	assert_null(tri_shadow_fault(core, object, 50, &why));
	tri_kmem_cache_free(cache, object);
	assert_ptr_equal(tri_shadow_fault(core, object, 50, &why), object);
	assert_null(tri_shadow_fault(core, other, 50, &why));
	tri_kmem_cache_free_bulk(cache, 1, (void **)&other);
	assert_ptr_equal(tri_shadow_fault(core, other, 50, &why), other);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	assert_non_null(tri_shadow_fault(core, object, 1, &why));

	object = tri_kmalloc(30000, TRI_GFP_KERNEL);
	assert_null(tri_shadow_fault(core, object, 30000, &why));
	assert_ptr_equal(tri_shadow_fault(core, object, 32768, &why), object + 30000);
	tri_kfree(object);
	assert_ptr_equal(tri_shadow_fault(core, object, 1, &why), object);
}

static void bytes_are_owned(void **state)
{
	(void)state;
	variants_all(owned, 1, 1024);
}
#endif

/* Free objects are frames to whoever needs them more. */
static void hoarded(struct tri_core *core, const struct variant *variant)
{
	struct kmem_cache *cache = tri_kmem_cache_create("hoard", 256, 0, TRI_SLAB_NO_MERGE, NULL);
	static void *object[2500];
	static unsigned long pfn[1024];
	struct tri_status status;
	unsigned long n = 0, free, arrays = 0;

	(void)variant;
	tri_status_read(core, &status);
	free = status.frames_free;
	for (int i = 0; i < 2500; i++)
		object[i] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	for (int i = 0; i < 2500; i++)
		tri_kmem_cache_free(cache, object[i]);
	while (n < 1024 &&
	       (pfn[n] = tri_alloc_pages(TRI_GFP_KERNEL | TRI_GFP_NOWARN, 0)) != TRI_PFN_NONE)
		n++;
	for (int i = 0; i < SLAB_POOLS; i++)
		arrays += core->slab.array_pool[i].frames.count;
	assert_int_equal(n + arrays, free);
	assert_sound(core);
	while (n)
		tri_free_pages(pfn[--n], 0);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
}

static void shrinker(void **state)
{
	(void)state;
	variants_all(hoarded, 1, 1024);
}

/* --- kvmalloc --- */

#define MOST 3400

/* 90 % of the frames in single pages, every second of which is then given back. */
static unsigned long fragment(unsigned long *pfn)
{
	unsigned long n = 0;

	while (n < MOST && (pfn[n] = tri_alloc_pages(TRI_GFP_KERNEL, 0)) != TRI_PFN_NONE)
		n++;
	for (unsigned long i = 0; i < n; i++) {
		unsigned long even = pfn[i] & ~1UL;

		/* Of each pair one, whichever comes by chance: no two free ones are buddies. */
		if (pfn[i] - even == (even >> 1) % 2) {
			tri_free_pages(pfn[i], 0);
			pfn[i--] = pfn[--n];
		}
	}
	return n;
}

static void fragmented(struct tri_core *core, const struct variant *variant)
{
	static unsigned long pfn[MOST], rest[4096];
	unsigned long n = fragment(pfn), more = 0;
	unsigned char *memory;

	(void)variant;
	/* Blocks that nobody had touched are no help either. */
	while ((rest[more] = tri_alloc_pages(TRI_GFP_KERNEL | TRI_GFP_NOWARN, 4)) != TRI_PFN_NONE)
		more++;
	assert_null(tri_kmalloc(256UL << 10, TRI_GFP_KERNEL | TRI_GFP_NOWARN));
	memory = tri_kvmalloc(256UL << 10, TRI_GFP_KERNEL);
	assert_in_range((uintptr_t)memory, core->window_start, core->window_end);
	memset(memory, 0x11, 256UL << 10);
	tri_kvfree(memory);
	assert_null(tri_kvmalloc(256UL << 10, TRI_GFP_NOWAIT));
	assert_null(tri_kvmalloc(1UL << 40, TRI_GFP_KERNEL));

	memory = tri_kvzalloc(100000, TRI_GFP_KERNEL);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(memory[i], 0);
	memset(memory, 0x22, 100000);
	memory = tri_kvrealloc(memory, 200000, TRI_GFP_KERNEL);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(memory[i], 0x22);
	tri_kvfree(memory);

	/* From kmalloc to vmalloc: the contents come along. */
	memory = tri_kvmalloc(3000, TRI_GFP_KERNEL);
	assert_false((uintptr_t)memory >= core->window_start &&
		     (uintptr_t)memory < core->window_end);
	memset(memory, 0x33, 3000);
	memory = tri_kvrealloc(memory, 300000, TRI_GFP_KERNEL);
	assert_in_range((uintptr_t)memory, core->window_start, core->window_end);
	for (int i = 0; i < 3000; i++)
		assert_int_equal(memory[i], 0x33);
	tri_kvfree(memory);
	assert_sound(core);
	while (more)
		tri_free_pages(rest[--more], 4);
	while (n)
		tri_free_pages(pfn[--n], 0);
}

static void kvmalloc_in_fragments(void **state)
{
	(void)state;
	variants_all(fragmented, 1, 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(classes),
		cmocka_unit_test(size_zero),
		cmocka_unit_test(overflow),
		cmocka_unit_test(resize),
		cmocka_unit_test(resize_zeroed),
		cmocka_unit_test(bad_frees_panic),
		cmocka_unit_test(bulk),
		cmocka_unit_test(kinds_of_memory),
#if TRI_CHECK_LEVEL >= 1
		cmocka_unit_test(injected_failures),
		cmocka_unit_test(what_must_not_fail_does_not),
#endif
#if TRI_CHECK_LEVEL >= 2
		cmocka_unit_test(bytes_are_owned),
#endif
		cmocka_unit_test(shrinker),
		cmocka_unit_test(kvmalloc_in_fragments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
