/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_out_of_memory.c - every allocation of one sequence that touches every call fails in
 * turn, and all memory runs out at every point of it: each call then succeeds or says so,
 * keeps what it was to keep, and loses nothing. Under every answer to every policy question.
 */
#include <string.h>

#include "model_platform.h"

#define PAGES(n) ((n)*TRI_PAGE_SIZE)

/* Calls that failed. */
static unsigned long failed;
/* 2 MiB cost as much as all the rest: where they matter, they are part of it. */
static bool large;

static void *got(void *at)
{
	failed += !at;
	return at;
}

/* A word at the start and one at the end that a failed or successful resize must keep. */
static void mark(char *at, unsigned long size, uint64_t word)
{
	memcpy(at, &word, sizeof(word));
	memcpy(at + size - sizeof(word), &word, sizeof(word));
}

static void assert_marked(const char *at, unsigned long size, uint64_t word)
{
	assert_memory_equal(at, &word, sizeof(word));
	assert_memory_equal(at + size - sizeof(word), &word, sizeof(word));
}

static void page_calls(void)
{
	static const unsigned int orders[] = {0, 2, 4, 6};
	unsigned long pfn[40];
	void *at;

	for (unsigned int i = 0; i < 4; i++) {
		pfn[0] = tri_alloc_pages(TRI_GFP_KERNEL, orders[i]);
		failed += pfn[0] == TRI_PFN_NONE;
		if (pfn[0] != TRI_PFN_NONE)
			tri_free_pages(pfn[0], orders[i]);
	}
	tri_free_pages_ptr(got(tri_get_free_pages(TRI_GFP_ATOMIC, 2)), 2);
	tri_free_page_ptr(got(tri_get_zeroed_page(TRI_GFP_NOWAIT)));
	at = got(tri_alloc_pages_exact(TRI_GFP_KERNEL, PAGES(3) - 100));
	if (at)
		tri_free_pages_exact(at, PAGES(3) - 100);
	for (int i = 0; i < 40; i++)
		pfn[i] = TRI_PFN_NONE;
	failed += tri_alloc_pages_bulk(TRI_GFP_KERNEL, 40, pfn) < 40;
	tri_free_pages_bulk(40, pfn);
}

static void kmalloc_calls(void)
{
	static const unsigned long sizes[] = {100, 400, 3000, 9000, 30000, 50};
	unsigned long size = 48;
	char *object = got(tri_kzalloc(size, TRI_GFP_KERNEL)), *moved;
	void *some[20];
	unsigned int n = 0;

	tri_kfree(got(tri_kmalloc(5000, TRI_GFP_ATOMIC)));
	tri_kfree(got(tri_kmalloc_array(3, 70, TRI_GFP_KERNEL)));
	tri_kfree(got(tri_kcalloc(20, 1000, TRI_GFP_KERNEL)));
	tri_kfree(got(tri_kmalloc(24, TRI_GFP_KERNEL | TRI_GFP_RECLAIMABLE)));
	for (int i = 0; i < 20; i++) {
		some[n] = got(tri_kmalloc(700, TRI_GFP_NOWAIT));
		n += !!some[n];
	}
	tri_kfree_bulk(n, some);
	for (unsigned int i = 0; object && i < 6; i++) {
		mark(object, size, 0x1234567 + i);
		moved = got(tri_krealloc(object, sizes[i], TRI_GFP_KERNEL));
		if (!moved) {
			assert_marked(object, size, 0x1234567 + i);
			continue;
		}
		object = moved;
		assert_memory_equal(object, &(uint64_t){0x1234567 + i}, 8);
		size = sizes[i];
	}
	tri_kfree(object);
}

static void construct(void *object)
{
	memset(object, 0x5c, 200);
}

static void cache_calls(void (*ctor)(void *), unsigned int flags)
{
	struct kmem_cache *cache = got(tri_kmem_cache_create("sequence", 200, 0, flags, ctor));
	unsigned long n;
	void *object[30];

	if (!cache)
		return;
	object[0] = got(tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL));
	if (object[0])
		tri_kmem_cache_free(cache, object[0]);
	n = tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 30, object);
	assert_true(n == 0 || n == 30);
	failed += !n;
	tri_kmem_cache_free_bulk(cache, n, object);
	tri_kmem_cache_shrink(cache);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
}

/* From one size to the next by @resize, and gone by @release. */
static void resize_calls(char *at, unsigned long size,
			 void *(*resize)(void *at, unsigned long size, tri_gfp_t gfp))
{
	static const unsigned long sizes[] = {PAGES(3), PAGES(12), PAGES(40), PAGES(2), PAGES(3)};
	char *moved;

	for (unsigned int i = 0; at && i < 5; i++) {
		mark(at, size, 0x7654321 + i);
		moved = got(resize(at, sizes[i], TRI_GFP_KERNEL | TRI_GFP_ZERO));
		if (!moved) {
			assert_marked(at, size, 0x7654321 + i);
			continue;
		}
		at = moved;
		assert_memory_equal(at, &(uint64_t){0x7654321 + i}, 8);
		if (sizes[i] > size)
			assert_memory_equal(at + sizes[i] - 8, &(uint64_t){0}, 8);
		size = sizes[i];
	}
	tri_kvfree(at);
}

static void *vrealloc(void *at, unsigned long size, tri_gfp_t gfp)
{
	return tri_vrealloc(at, size, gfp);
}

static void vmalloc_calls(void)
{
	void *small = got(tri_vmalloc(PAGES(1))), *zeroed = got(tri_vzalloc(PAGES(5)));
	void *huge = got(tri_vmalloc_huge(PAGES(large ? 512 + 7 : 7), TRI_GFP_KERNEL));
	struct tri_area_info info;

	tri_vfree(got(tri_vmalloc_align(PAGES(3), PAGES(8), TRI_GFP_KERNEL)));
	tri_vfree(got(tri_vmalloc_nowait(PAGES(5), TRI_GFP_ATOMIC)));
	resize_calls(got(tri_vmalloc_gfp(PAGES(2), TRI_GFP_KERNEL)), PAGES(2), vrealloc);
	tri_area_find(plat_core(), (uintptr_t)small, &info);
	assert_int_equal(info.where, small ? TRI_LIVE : TRI_OUTSIDE);
	assert_int_equal(tri_vmalloc_to_pfn(zeroed) == TRI_PFN_NONE, !zeroed);
	tri_vfree(zeroed);
	tri_vfree(huge);
	tri_vfree(small);
}

static void map_calls(void)
{
	unsigned long pfn[70], frame = tri_alloc_pages(TRI_GFP_KERNEL, 0);
	void *at;

	if (frame == TRI_PFN_NONE) {
		failed++;
		return;
	}
	for (int i = 0; i < 70; i++)
		pfn[i] = frame;
	at = got(tri_vmap(pfn, 9));
	if (at)
		tri_vunmap(at);
	for (unsigned long n = 3; n <= 70; n += 67) {
		at = got(tri_vm_map_ram(pfn, n));
		if (at)
			tri_vm_unmap_ram(at, n);
	}
	tri_vm_unmap_aliases();
	tri_free_pages(frame, 0);
}

static void sequence(void)
{
	page_calls();
	kmalloc_calls();
	cache_calls(NULL, TRI_SLAB_NO_MERGE);
	cache_calls(construct, 0);
	cache_calls(NULL, TRI_SLAB_DEBUG);
	vmalloc_calls();
	map_calls();
	tri_vmalloc_purge();
	tri_kvfree(got(tri_kvzalloc(PAGES(8), TRI_GFP_KERNEL)));
	resize_calls(got(tri_kvmalloc(500, TRI_GFP_KERNEL)), 500, tri_kvrealloc);
}

static struct tri_core *start(unsigned int answer)
{
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, 2, 2048, 8UL << 20);
	for (unsigned int q = 0; q < TRI_QUESTION_COUNT; q++) {
		if (!strcmp(tri_question_info[q].name, tri_policy_info[answer].question))
			config.policy[q] = answer;
	}
	core = model_start(&config);
	model.quiet = true;
	failed = 0;
	large = !strcmp(tri_policy_info[answer].question, "huge") ||
		!strcmp(tri_policy_info[answer].question, "pages");
	return core;
}

static void stop(struct tri_core *core)
{
	model.quiet = false;
	model_stop(core);
}

/* The n-th store of page-table entries fails, for n = 1 .. until there are no more. */
static void stores_fail(void **state)
{
	(void)state;
	for (unsigned int answer = 0; answer < TRI_POLICY_COUNT; answer++) {
		for (unsigned long n = 1, left = 0; !left; n++) {
			struct tri_core *core = start(answer);

			model.fail_store = n;
			sequence();
			left = model.fail_store;
			model.fail_store = 0;
			/* A store that fails may be made up for; without one, nothing fails. */
			if (left)
				assert_int_equal(failed, 0);
			stop(core);
			assert_in_range(n, 1, 1000);
		}
	}
}

#if TRI_CHECK_LEVEL >= 1
static void each_fails(enum tri_fault_site site, unsigned int least)
{
	for (unsigned int answer = 0; answer < TRI_POLICY_COUNT; answer++) {
		unsigned long n = 0, failures;

		do {
			const struct tri_fault fault = {.after = n++, .interval = 1, .times = 1};
			struct tri_core *core = start(answer);

			tri_fault_set(core, site, &fault);
			sequence();
			failures = tri_fault_failures(core, site);
			if (!failures)
				assert_int_equal(failed, 0);
			stop(core);
		} while (failures);
		assert_in_range(n, least, 5000);
	}
}

static void objects_fail(void **state)
{
	(void)state;
	each_fails(TRI_FAULT_SLAB, 20);
}

static void pages_fail(void **state)
{
	(void)state;
	each_fails(TRI_FAULT_PAGES, 20);
}

static void areas_fail(void **state)
{
	(void)state;
	each_fails(TRI_FAULT_AREA, 5);
}
#endif

/* Nothing is told to fail: there are only @left frames. */
static unsigned long with_few_frames(unsigned int answer, unsigned long left)
{
	static unsigned long pfn[2048];
	struct tri_core *core = start(answer);
	unsigned long n = 0;

	while ((pfn[n] = tri_alloc_pages(TRI_GFP_KERNEL | TRI_GFP_MEMALLOC, 0)) != TRI_PFN_NONE)
		n++;
	assert_true(n > left);
	/* Not the last ones alone, so that some lie beside each other. */
	for (unsigned long i = 0; i < left; i++)
		tri_free_pages(pfn[--n], 0);
	sequence();
	assert_sound(core);
	while (n)
		tri_free_pages(pfn[--n], 0);
	stop(core);
	return failed;
}

static void frames_run_out(void **state)
{
	(void)state;
	for (unsigned int answer = 0; answer < TRI_POLICY_COUNT; answer++) {
		assert_true(with_few_frames(answer, 0));
		for (unsigned long left = 1; left < 1200; left += 1 + left / 2)
			with_few_frames(answer, left);
		assert_int_equal(with_few_frames(answer, 1900), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stores_fail),
#if TRI_CHECK_LEVEL >= 1
		cmocka_unit_test(objects_fail),
		cmocka_unit_test(pages_fail),
		cmocka_unit_test(areas_fail),
#endif
		cmocka_unit_test(frames_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
