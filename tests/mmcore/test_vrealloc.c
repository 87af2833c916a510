/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_vrealloc.c - resizing: what it must cost, what the bytes must be, and three mistakes
 * Linux once made with it, each of which tests/seeded_bugs.sh makes again.
 */
#include <string.h>

#include "model_platform.h"

#define MIB (1UL << 20)

static struct tri_core *start(const char *policy, const char *flush)
{
	struct tri_config config;

	model_config(&config, 1, 4096, 16 * MIB);
	assert_int_equal(tri_config_set(&config, "vrealloc", policy), 0);
	assert_int_equal(tri_config_set(&config, "flush", flush), 0);
	return model_start(&config);
}

static char *resize(struct tri_core *core, char *at, unsigned long size, tri_gfp_t gfp)
{
	char *to = tri_vrealloc(at, size, gfp);

	assert_non_null(to);
	assert_sound(core);
	assert_true(shadow_open(to, size));
	if (TRI_CHECK_LEVEL >= 2)
		assert_false(shadow_open(to + size, 1));
	return to;
}

static void assert_bytes(const char *at, unsigned long from, unsigned long to, int byte)
{
	for (unsigned long i = from; i < to; i++)
		assert_int_equal(shadowed_read8(at + i), byte);
}

static unsigned long requested(struct tri_core *core, const char *at)
{
	struct tri_area_info info;

	tri_area_find(core, (uintptr_t)at, &info);
	assert_int_equal(info.where, TRI_LIVE);
	assert_int_equal(info.kind, TRI_AREA_VMALLOC);
	return info.requested;
}

/*
 * From 1 page to 256, one more each time: no page is copied, no area made, nothing flushed.
 * Linux once did the work in place and then copied all the same (until a0309faf1cb0).
 */
static void growing_in_place_copies_nothing(void **state)
{
	struct tri_core *core = start("inplace", "lazy");
	char *area = tri_vmalloc(TRI_PAGE_SIZE);

	(void)state;
	shadowed_fill(area, 1, TRI_PAGE_SIZE);
	for (unsigned long pages = 2; pages <= 256; pages++) {
		assert_ptr_equal(resize(core, area, pages * TRI_PAGE_SIZE, 0), area);
		shadowed_fill(area + (pages - 1) * TRI_PAGE_SIZE, (uint8_t)pages, TRI_PAGE_SIZE);
	}
	for (unsigned long page = 0; page < 256; page++)
		assert_int_equal(shadowed_read8(area + page * TRI_PAGE_SIZE), (page + 1) % 256);
	assert_int_equal(model_event(core, TRI_EVENT_pages_copied), 0);
	assert_int_equal(model_event(core, TRI_EVENT_area_alloc), 1);
	assert_int_equal(model_event(core, TRI_EVENT_vrealloc_grown), 255);
	assert_int_equal(model_event(core, TRI_EVENT_table_write), 256);
	assert_int_equal(model.range_flushes + model.full_flushes, 0);
	tri_vfree(area);
	model_stop(core);
}

/* 6.12's way: once a page is missing, all is copied. */
static void growing_by_copy_copies_all(void **state)
{
	struct tri_core *core = start("copy", "lazy");
	char *area = tri_vmalloc(TRI_PAGE_SIZE), *last = area;

	(void)state;
	shadowed_fill(area, 9, TRI_PAGE_SIZE);
	for (unsigned long pages = 2; pages <= 5; pages++) {
		area = resize(core, area, pages * TRI_PAGE_SIZE, 0);
		assert_ptr_not_equal(area, last);
		last = area;
	}
	assert_bytes(area, 0, TRI_PAGE_SIZE, 9);
	assert_int_equal(model_event(core, TRI_EVENT_pages_copied), 1 + 2 + 3 + 4);
	assert_int_equal(model_event(core, TRI_EVENT_vrealloc_grown), 0);
	tri_vfree(area);
	model_stop(core);
}

/* Frames come back at once, addresses after a flush; growing again needs that flush. */
static void shrinking_gives_pages_back(void **state)
{
	static const char *const flushes[] = {"lazy", "lazy-percpu", "eager", "eager-global"};

	(void)state;
	for (unsigned int i = 0; i < sizeof(flushes) / sizeof(flushes[0]); i++) {
		struct tri_core *core = start("inplace", flushes[i]);
		char *area = tri_vmalloc(100 * TRI_PAGE_SIZE);
		struct tri_status before, after;
		bool lazy = i < 2;

		shadowed_fill(area, 3, 100 * TRI_PAGE_SIZE);
		tri_status_read(core, &before);
		assert_ptr_equal(resize(core, area, 10 * TRI_PAGE_SIZE - 7, 0), area);
		tri_status_read(core, &after);
		/* A new area object may have taken a frame, so count what has gone to waiting. */
		assert_in_range(after.frames_free - before.frames_free, 89, 90);
		assert_int_equal(after.pages_waiting, lazy ? 90 : 0);
		if (lazy) {
			/* The addresses behind wait: grow elsewhere rather than over them. */
			char *to = resize(core, area, 20 * TRI_PAGE_SIZE, 0);

			assert_ptr_not_equal(to, area);
			area = resize(core, to, 10 * TRI_PAGE_SIZE, 0);
			tri_vmalloc_purge();
		}
		assert_ptr_equal(resize(core, area, 20 * TRI_PAGE_SIZE, 0), area);
		assert_bytes(area, 0, 10 * TRI_PAGE_SIZE - 7, 3);
		tri_vfree(area);
		model_stop(core);
	}
}

/* 6.12 keeps the pages of what shrank, and needs no copy to grow into them. */
static void copy_keeps_the_pages(void **state)
{
	struct tri_core *core = start("copy", "lazy");
	char *area = tri_vmalloc(100 * TRI_PAGE_SIZE);
	struct tri_status before, after;

	(void)state;
	tri_status_read(core, &before);
	assert_ptr_equal(resize(core, area, 1, 0), area);
	assert_int_equal(requested(core, area), 1);
	tri_status_read(core, &after);
	assert_int_equal(after.frames_free, before.frames_free);
	assert_ptr_equal(resize(core, area, 100 * TRI_PAGE_SIZE, 0), area);
	assert_int_equal(model_event(core, TRI_EVENT_pages_copied), 0);
	tri_vfree(area);
	model_stop(core);
}

/*
 * What was a user's and is one no more may not be touched, and what became one's may. Linux
 * forgot to tell KASAN of a resize in place.
 */
static void the_shadow_follows_the_size(void **state)
{
	static const char *const policies[] = {"inplace", "copy"};
	static const unsigned long sizes[] = {1,   4095,     4096,     4097,
					      100, 3 * 4096, 2 * 4096, 8192 + 5};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct tri_core *core = start(policies[i], "lazy");
		char *area = tri_vmalloc(5);

		assert_true(shadow_open(area, 5));
		for (unsigned int k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
			area = resize(core, area, sizes[k], 0);
			assert_int_equal(requested(core, area), sizes[k]);
			shadowed_write8(area + sizes[k] - 1, 1);
			if (TRI_CHECK_LEVEL >= 2)
				assert_false(shadow_open(area + sizes[k], 1));
		}
		tri_vfree(area);
		if (TRI_CHECK_LEVEL >= 2)
			assert_false(shadow_open(area, 1));
		model_stop(core);
	}
}

/*
 * With TRI_GFP_ZERO what is new is zero, even where it was the user's before a shrink; and no
 * byte is zeroed twice. Linux zeroed again, on growth, what the allocator had zeroed
 * (70d1eb031a68).
 */
static void only_what_is_new_is_zeroed(void **state)
{
	static const char *const policies[] = {"inplace", "copy"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct tri_core *core = start(policies[i], "lazy");
		char *area = tri_vzalloc(100);
		unsigned long zeroed = 100;

		assert_bytes(area, 0, 100, 0);
		assert_int_equal(model_event(core, TRI_EVENT_bytes_zeroed), zeroed);
		shadowed_fill(area, 7, 100);
		area = resize(core, area, 3 * TRI_PAGE_SIZE, TRI_GFP_ZERO);
		zeroed += 3 * TRI_PAGE_SIZE - 100;
		assert_int_equal(model_event(core, TRI_EVENT_bytes_zeroed), zeroed);
		assert_bytes(area, 0, 100, 7);
		assert_bytes(area, 100, 3 * TRI_PAGE_SIZE, 0);
		shadowed_fill(area, 8, 3 * TRI_PAGE_SIZE);
		/* The tail of the last page that stays, and a page that goes. */
		area = resize(core, area, TRI_PAGE_SIZE + 50, 0);
		area = resize(core, area, TRI_PAGE_SIZE + 60, TRI_GFP_ZERO);
		zeroed += 10;
		area = resize(core, area, 3 * TRI_PAGE_SIZE - 1, TRI_GFP_ZERO);
		zeroed += 2 * TRI_PAGE_SIZE - 61;
		assert_int_equal(model_event(core, TRI_EVENT_bytes_zeroed), zeroed);
		assert_bytes(area, 0, 100, 7 + 1);
		assert_bytes(area, 100, TRI_PAGE_SIZE + 50, 8);
		assert_bytes(area, TRI_PAGE_SIZE + 50, 3 * TRI_PAGE_SIZE - 1, 0);
		/* Without the flag nothing is. */
		area = resize(core, area, 9 * TRI_PAGE_SIZE, 0);
		assert_int_equal(model_event(core, TRI_EVENT_bytes_zeroed), zeroed);
		tri_vfree(area);
		model_stop(core);
	}
}

/* 2 MiB stay whole: what is cut is what lies behind the last one needed. */
static void shrinking_a_huge_area(void **state)
{
	struct tri_core *core = start("inplace", "lazy");
	struct tri_status before, after;
	char *area = tri_vmalloc_huge(4 * MIB + 3 * TRI_PAGE_SIZE, 0);

	(void)state;
	assert_int_equal(model_event(core, TRI_EVENT_huge_map), 2);
	shadowed_fill(area, 5, 4 * MIB + 3 * TRI_PAGE_SIZE);
	tri_status_read(core, &before);
	resize(core, area, 4 * MIB - TRI_PAGE_SIZE, 0);
	tri_status_read(core, &after);
	assert_in_range(after.frames_free - before.frames_free, 2, 3);
	resize(core, area, TRI_PAGE_SIZE, 0);
	tri_status_read(core, &after);
	assert_in_range(after.frames_free - before.frames_free, 512, 512 + 3);
	assert_bytes(area, 0, TRI_PAGE_SIZE, 5);
	tri_vmalloc_purge();
	assert_ptr_equal(resize(core, area, 3 * MIB, TRI_GFP_ZERO), area);
	assert_bytes(area, TRI_PAGE_SIZE, 3 * MIB, 0);
	tri_vfree(area);
	model_stop(core);
}

static void corners(void **state)
{
	struct tri_core *core = start("inplace", "lazy");
	char *area = tri_vrealloc(NULL, 10, TRI_GFP_ZERO), *other;

	(void)state;
	assert_non_null(area);
	assert_bytes(area, 0, 10, 0);
	assert_null(tri_vrealloc(area, ~0UL, 0));
	assert_null(tri_vrealloc(area, 1UL << 40, 0));
	assert_int_equal(requested(core, area), 10);
	/* A neighbour is in the way: it moves. */
	other = tri_vmalloc(1);
	shadowed_fill(area, 4, 10);
	area = resize(core, area, 2 * TRI_PAGE_SIZE, 0);
	assert_true(area > other);
	assert_bytes(area, 0, 10, 4);
	assert_int_equal(model_event(core, TRI_EVENT_pages_copied), 1);
	assert_null(tri_vrealloc(area, 0, 0));
	assert_null(tri_vrealloc(NULL, 0, 0));
	assert_panics(tri_vrealloc(other + 1, 5, 0));
	assert_panics(tri_vrealloc(area, 5, 0));
	tri_vfree(other);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(growing_in_place_copies_nothing),
		cmocka_unit_test(growing_by_copy_copies_all),
		cmocka_unit_test(shrinking_gives_pages_back),
		cmocka_unit_test(copy_keeps_the_pages),
		cmocka_unit_test(the_shadow_follows_the_size),
		cmocka_unit_test(only_what_is_new_is_zeroed),
		cmocka_unit_test(shrinking_a_huge_area),
		cmocka_unit_test(corners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
