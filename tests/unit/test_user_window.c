/* SPDX-License-Identifier: GPL-2.0-only */
/* test_user_window.c - both host mappings of a window, driven as mmcore drives them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include "targets/user/arena.h"
#include "targets/user/fault.h"
#include "targets/user/window.h"
#include "host.h"
#include "user_child.h"
#include "user_maps.h"

#define FRAMES	     2048
#define WINDOW_BYTES (64UL << 20)
#define PRESENT	     0x63

struct fixture {
	struct tri_run run;
	struct window *window;
};

static int setup(void **state, bool exact)
{
	static struct fixture fixture;

	if (arena_take(FRAMES, &fixture.run))
		return -1;
	fixture.window = window_create(WINDOW_BYTES, exact);
	*state = &fixture;
	return fixture.window ? 0 : -1;
}

static int setup_exact(void **state)
{
	return setup(state, true);
}

static int setup_linear(void **state)
{
	return setup(state, false);
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	window_destroy(fixture->window);
	arena_return(&fixture->run);
	assert_null(plat_arena);
	return 0;
}

static char *page_at(const struct fixture *fixture, size_t page)
{
	return (char *)fixture->window->start + page * TRI_PAGE_SIZE;
}

/* Map @n pages from window page @page on to the run's frames from @frame on, @step apart. */
static int map(const struct fixture *fixture, size_t page, size_t n, size_t frame, size_t step)
{
	uint64_t entries[FRAMES];

	for (size_t i = 0; i < n; i++)
		entries[i] = (fixture->run.first + frame + i * step) << TRI_PAGE_SHIFT | PRESENT;
	return plat_entries_stored((uintptr_t)page_at(fixture, page), 1, n, entries);
}

static void unmap(const struct fixture *fixture, size_t page, size_t n)
{
	static const uint64_t absent[FRAMES];

	assert_int_equal(plat_entries_stored((uintptr_t)page_at(fixture, page), 1, n, absent), 0);
}

static void flush(const struct fixture *fixture, size_t page, size_t n)
{
	unsigned int others = plat_tlb_flush_range((uintptr_t)page_at(fixture, page),
						   (uintptr_t)page_at(fixture, page + n));

	assert_int_equal(others, 0);
}

static uint64_t host_calls(void)
{
	struct host_counts counts;

	host_counts_read(&counts);
	return counts.value[HOST_COUNTER_host_flush_calls];
}

static void read_byte(void *at)
{
	fault_catch();
	(void)*(volatile char *)at;
}

/* Reading the window's page must end a process with these words. */
static void assert_fault(const struct fixture *fixture, size_t page, const char *text)
{
	struct child child;

	child_run(&child, read_byte, page_at(fixture, page) + 5);
	child_assert(&child, 1, text);
}

static void exact_shows_the_frames(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(map(fixture, 8, 4, 10, 2), 0);
	for (size_t i = 0; i < 4; i++) {
		strcpy(page_at(fixture, 8 + i), "through the window");
		assert_string_equal(plat_pfn_to_ptr(fixture->run.first + 10 + 2 * i),
				    "through the window");
	}
}

static void exact_is_stale_until_the_flush(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(map(fixture, 8, 3, 0, 1), 0);
	strcpy(page_at(fixture, 9), "stale");
	unmap(fixture, 8, 3);
	assert_string_equal(page_at(fixture, 9), "stale");
	flush(fixture, 8, 4);
	assert_fault(fixture, 9, "use after flush: address 0x");
	assert_fault(fixture, 9, " is 4101 bytes into the freed area [0x");
	assert_fault(fixture, 9, ", 3 pages; its translation was flushed");
}

static void exact_names_the_last_area(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(map(fixture, 8, 10, 0, 1), 0);
	unmap(fixture, 8, 10);
	flush(fixture, 8, 11);
	assert_int_equal(map(fixture, 10, 2, 0, 1), 0);
	unmap(fixture, 10, 2);
	flush(fixture, 10, 3);
	assert_fault(fixture, 11, " is 4101 bytes into the freed area");
	assert_fault(fixture, 11, ", 2 pages; its translation was flushed");
	assert_fault(fixture, 17, ", 10 pages; its translation was flushed");
}

static void exact_flush_spares_the_living(void **state)
{
	struct fixture *fixture = *state;

	for (size_t page = 0; page < 10; page += 2)
		assert_int_equal(map(fixture, page, 1, page, 1), 0);
	strcpy(page_at(fixture, 4), "alive");
	unmap(fixture, 2, 1);
	unmap(fixture, 6, 1);
	flush(fixture, 0, 64);
	assert_string_equal(page_at(fixture, 4), "alive");
	assert_fault(fixture, 2, "use after flush");
	assert_fault(fixture, 6, "use after flush");
}

static void exact_flush_all_covers_the_window(void **state)
{
	struct fixture *fixture = *state;
	size_t last = WINDOW_BYTES / TRI_PAGE_SIZE - 2;

	assert_int_equal(map(fixture, 0, 1, 0, 1), 0);
	assert_int_equal(map(fixture, last, 1, 1, 1), 0);
	unmap(fixture, 0, 1);
	unmap(fixture, last, 1);
	assert_int_equal(plat_tlb_flush_all(fixture->window->start), 0);
	assert_fault(fixture, 0, "use after flush");
	assert_fault(fixture, last, "use after flush");
}

static void exact_guards_and_gaps_fault(void **state)
{
	struct fixture *fixture = *state;

	assert_fault(fixture, 20, "never mapped: address 0x");
	assert_int_equal(map(fixture, 8, 2, 0, 1), 0);
	assert_fault(fixture, 10, "overrun: address 0x");
	assert_fault(fixture, 7, "never mapped: address 0x");
}

static void exact_flush_is_one_call_and_merges(void **state)
{
	struct fixture *fixture = *state;
	const struct window *window = fixture->window;
	size_t before = maps_count(window->start, window->end);
	uint64_t calls;

	for (size_t page = 2; page < 130; page += 2)
		assert_int_equal(map(fixture, page, 1, page, 1), 0);
	assert_true(maps_count(window->start, window->end) >= 64);
	for (size_t page = 2; page < 130; page += 2)
		unmap(fixture, page, 1);
	calls = host_calls();
	flush(fixture, 0, 200);
	assert_int_equal(host_calls() - calls, 1);
	assert_int_equal(maps_count(window->start, window->end), before);
}

static void exact_maps_a_run_at_once(void **state)
{
	struct fixture *fixture = *state;
	uint64_t calls = host_calls();

	assert_int_equal(map(fixture, 8, 512, 100, 1), 0);
	assert_int_equal(host_calls() - calls, 1);
}

/* One entry of level 2 is 512 pages, mapped by one call and dropped by the flush. */
static void exact_maps_two_mib_at_once(void **state)
{
	struct fixture *fixture = *state;
	const uintptr_t at = (uintptr_t)page_at(fixture, 512);
	const uint64_t none[2] = {0};
	uint64_t entries[2], calls = host_calls();

	for (int i = 0; i < 2; i++)
		entries[i] = (fixture->run.first + 512 * i) << TRI_PAGE_SHIFT | PRESENT | 1 << 7;
	assert_int_equal(plat_entries_stored(at, 2, 2, entries), 0);
	assert_int_equal(host_calls() - calls, 1);
	memset(page_at(fixture, 512), 3, 1024 * TRI_PAGE_SIZE);
	for (int i = 0; i < 1024; i++)
		assert_int_equal(*(char *)plat_pfn_to_ptr(fixture->run.first + i), 3);
	assert_int_equal(plat_entries_stored(at, 2, 2, none), 0);
	(void)*(volatile char *)page_at(fixture, 1535);
	flush(fixture, 512, 1024);
	assert_fault(fixture, 1535, "use after flush");
}

static void map_page_8(void *fixture)
{
	map(fixture, 8, 1, 0, 1);
}

static void exact_forbids_reuse_before_the_flush(void **state)
{
	struct fixture *fixture = *state;
	struct child child;

	map_page_8(fixture);
	unmap(fixture, 8, 1);
	child_run(&child, map_page_8, fixture);
	child_assert(&child, 1, "an address is mapped anew before its flush");
	flush(fixture, 8, 1);
	map_page_8(fixture);
	child_run(&child, map_page_8, fixture);
	child_assert(&child, 1, "an address is mapped anew while it is in use");
}

static void exact_maps_all_or_nothing(void **state)
{
	struct fixture *fixture = *state;
	const struct window *window = fixture->window;
	size_t before = maps_count(window->start, window->end), hogged;
	char *hog;

#ifdef __SANITIZE_THREAD__
	/* Its runtime needs new mappings itself, and dies without. */
	skip();
#endif
	hogged = maps_exhaust(&hog, 40000);
	munmap(hog, 1000 * TRI_PAGE_SIZE);
	/* Descending frames: a mapping each. */
	for (int round = 0; round < 3; round++) {
		assert_int_equal(map(fixture, 8, 2000, 2000, -1UL), -ENOMEM);
		assert_int_equal(maps_count(window->start, window->end), before);
	}
	assert_int_equal(map(fixture, 8, 500, 2000, -1UL), 0);
	munmap(hog, hogged);
}

/* As many small areas as the host allows: then mapping fails, and nothing else does. */
static void exact_survives_the_mapping_limit(void **state)
{
	struct fixture *fixture = *state;
	const size_t areas = 512;
	char *hog;
	size_t hogged, mapped;

#ifdef __SANITIZE_THREAD__
	/* Its runtime needs new mappings itself, and dies without. */
	skip();
#endif
	hogged = maps_exhaust(&hog, 40000);
	munmap(hog, 2 * areas * TRI_PAGE_SIZE);
	for (int round = 0; round < 3; round++) {
		mapped = 0;
		while (mapped < 2 * areas && !map(fixture, 4 * mapped, 2, 2 * mapped % 1024, 2))
			mapped++;
		assert_in_range(mapped, areas / 8, 2 * areas - 1);
		assert_fault(fixture, 4 * mapped, "mapped");
		for (size_t i = 0; i < mapped; i += 2)
			unmap(fixture, 4 * i, 2);
		flush(fixture, 0, 4 * mapped);
		assert_fault(fixture, 0, "use after flush");
		strcpy(page_at(fixture, 4), "still mapped");
		for (size_t i = 1; i < mapped; i += 2)
			unmap(fixture, 4 * i, 2);
		flush(fixture, 0, 4 * mapped);
	}
	munmap(hog, hogged);
}

static void linear_refaults_with_its_bytes(void **state)
{
	struct fixture *fixture = *state;
	struct host_counts before, after;
	uint64_t calls = host_calls();

	assert_int_equal(map(fixture, 8, 3, 0, 1), 0);
	assert_int_equal(host_calls(), calls);
	strcpy(page_at(fixture, 9), "kept");
	unmap(fixture, 8, 3);
	flush(fixture, 0, 64);
	assert_int_equal(host_calls() - calls, 1);
	host_counts_read(&before);
	assert_string_equal(page_at(fixture, 9), "kept");
	host_counts_read(&after);
	assert_true(after.value[HOST_COUNTER_host_minor_faults] >
		    before.value[HOST_COUNTER_host_minor_faults]);
	assert_true(after.value[HOST_COUNTER_host_flush_ns] > 0);
}

static void linear_flush_all_is_one_call(void **state)
{
	struct fixture *fixture = *state;
	uint64_t calls = host_calls();

	memset(page_at(fixture, 0), 1, WINDOW_BYTES);
	assert_int_equal(plat_tlb_flush_all(fixture->window->start + TRI_PAGE_SIZE), 0);
	assert_int_equal(host_calls() - calls, 1);
	assert_int_equal(page_at(fixture, 0)[WINDOW_BYTES - 1], 1);
}

static void windows_and_frames_are_disjoint(void **state)
{
	struct fixture *fixture = *state;
	struct tri_run run;
	struct window *window = window_create(4UL << 20, true);

	assert_int_equal(arena_take(5, &run), 0);
	assert_int_equal(run.first % (1 << TRI_MAX_ORDER), 0);
	assert_true(run.first >= fixture->run.first + fixture->run.count);
	assert_true(window->start >= fixture->window->end || window->end <= fixture->window->start);
	assert_int_equal(window->start % (2UL << 20), 0);
	assert_ptr_equal(window_find(window->start), window);
	assert_ptr_equal(window_find(fixture->window->end - 1), fixture->window);
	strcpy(plat_pfn_to_ptr(run.first), "of the core before");
	arena_return(&run);
	assert_int_equal(arena_take(5, &run), 0);
	assert_string_equal(plat_pfn_to_ptr(run.first), "");
	arena_return(&run);
	window_destroy(window);
}

#define EXACT(test)  cmocka_unit_test_setup_teardown(test, setup_exact, teardown)
#define LINEAR(test) cmocka_unit_test_setup_teardown(test, setup_linear, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EXACT(exact_shows_the_frames),
		EXACT(exact_is_stale_until_the_flush),
		EXACT(exact_names_the_last_area),
		EXACT(exact_flush_spares_the_living),
		EXACT(exact_flush_all_covers_the_window),
		EXACT(exact_guards_and_gaps_fault),
		EXACT(exact_flush_is_one_call_and_merges),
		EXACT(exact_maps_a_run_at_once),
		EXACT(exact_maps_two_mib_at_once),
		EXACT(exact_forbids_reuse_before_the_flush),
		EXACT(exact_maps_all_or_nothing),
		EXACT(exact_survives_the_mapping_limit),
		LINEAR(linear_refaults_with_its_bytes),
		LINEAR(linear_flush_all_is_one_call),
		LINEAR(windows_and_frames_are_disjoint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
