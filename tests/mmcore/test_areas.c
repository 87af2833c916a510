/* SPDX-License-Identifier: GPL-2.0-only */
/* test_areas.c - addresses of the window against a map of pages; and the pool below. */
#include <string.h>

#include "model_platform.h"

#define PAGES  2048UL
#define WINDOW (PAGES * TRI_PAGE_SIZE)
#define AREAS  300

/* 0: free, else the area it belongs to, plus one. */
static uint16_t owner[PAGES];

static unsigned long page_of(const struct area *area)
{
	return (area_start(area) - MODEL_WINDOW) / TRI_PAGE_SIZE;
}

/* First page of the lowest hole of @pages, or PAGES. */
static unsigned long lowest_hole(unsigned long pages)
{
	unsigned long length = 0;

	for (unsigned long i = 0; i < PAGES; i++) {
		length = owner[i] ? 0 : length + 1;
		if (length == pages)
			return i + 1 - pages;
	}
	return PAGES;
}

static void set_owner(unsigned long page, unsigned long pages, uint16_t who)
{
	for (unsigned long i = page; i < page + pages; i++) {
		assert_int_equal(!owner[i], !!who);
		owner[i] = who;
	}
}

/* Free ranges are where, and only where, the map says, each in one piece. */
static void assert_free_ranges(const struct tri_core *core)
{
	struct rbt_node *node = rbt_first(&core->areas.free);

	for (unsigned long i = 0; i < PAGES; i++) {
		if (owner[i] || (i && !owner[i - 1]))
			continue;
		assert_non_null(node);
		assert_int_equal(page_of(area_of(node)), i);
		node = rbt_neighbour(node, RBT_RIGHT);
	}
	assert_null(node);
}

/* Areas are not mapped here: of tri_check(), only what it says of the trees applies. */
static void assert_trees(struct tri_core *core)
{
	const struct rbt_node *at;

	assert_null(rbt_check(&core->areas.free, &at));
	assert_null(rbt_check(&core->areas.used, &at));
}

static void random_operations(void **state)
{
	struct area *area[AREAS] = {NULL};
	uint64_t random = test_seed();
	struct tri_config config;
	struct tri_core *core;

	(void)state;
	model_config(&config, 1, 1024, WINDOW);
	core = model_start(&config);
	memset(owner, 0, sizeof(owner));
	for (int step = 0; step < 20000; step++) {
		unsigned long i = test_below(&random, AREAS), pages, hole;

		if (!area[i]) {
			pages = 1 + test_below(&random, test_below(&random, 20) ? 16 : 400);
			hole = lowest_hole(pages);
			area[i] = areas_alloc(core, pages);
			assert_int_equal(!area[i], hole == PAGES);
			if (!area[i])
				continue;
			assert_int_equal(page_of(area[i]), hole);
			assert_int_equal(area[i]->pages, pages);
			set_owner(hole, pages, i + 1);
		} else {
			set_owner(page_of(area[i]), area[i]->pages, 0);
			if (test_below(&random, 2))
				assert_ptr_equal(areas_retire(core, area_start(area[i])), area[i]);
			areas_free(core, area[i]);
			area[i] = NULL;
		}
		assert_trees(core);
		assert_free_ranges(core);
	}
	for (int i = 0; i < AREAS; i++) {
		if (area[i])
			areas_free(core, area[i]);
	}
	model_stop(core);
}

static void retire_only_live(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	struct area *area;

	(void)state;
	model_config(&config, 1, 1024, WINDOW);
	core = model_start(&config);
	assert_null(areas_retire(core, MODEL_WINDOW));
	area = areas_alloc(core, 3);
	assert_null(areas_retire(core, MODEL_WINDOW + TRI_PAGE_SIZE));
	assert_null(areas_retire(core, MODEL_WINDOW + 3 * TRI_PAGE_SIZE));
	assert_ptr_equal(areas_retire(core, MODEL_WINDOW), area);
	assert_null(areas_retire(core, MODEL_WINDOW));
	areas_free(core, area);
	assert_null(areas_retire(core, MODEL_WINDOW));
	model_stop(core);
}

static void whole_window(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	struct area *area;

	(void)state;
	model_config(&config, 1, 1024, WINDOW);
	core = model_start(&config);
	assert_null(areas_alloc(core, PAGES + 1));
	area = areas_alloc(core, PAGES);
	assert_non_null(area);
	assert_null(core->areas.free.root);
	assert_null(areas_alloc(core, 1));
	areas_free(core, area);
	model_stop(core);
}

static void pool_gives_each_object_once(void **state)
{
	static char *object[5 * 64];
	struct tri_config config;
	struct tri_core *core;
	struct pool pool = {.free = NULL};

	(void)state;
	model_config(&config, 1, 6, WINDOW);
	core = model_start(&config);
	pool_init(&pool, 64);
	/* Six frames, less the level-2 table and the core's own pool. */
	for (int i = 0; i < 4 * 64; i++) {
		object[i] = pool_alloc(core, &pool);
		assert_non_null(object[i]);
		assert_int_equal((uintptr_t)object[i] % 64, 0);
		memset(object[i], i, 64);
	}
	assert_null(pool_alloc(core, &pool));
	assert_int_equal(pool.frames.count, 4);
	for (int i = 0; i < 4 * 64; i++) {
		assert_int_equal((uint8_t)object[i][0], (uint8_t)i);
		assert_int_equal((uint8_t)object[i][63], (uint8_t)i);
		pool_free(&pool, object[i]);
	}
	assert_int_equal(pool.objects_free, 4 * 64);
	assert_non_null(pool_alloc(core, &pool));
	pool_exit(core, &pool);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_operations),
		cmocka_unit_test(retire_only_live),
		cmocka_unit_test(whole_window),
		cmocka_unit_test(pool_gives_each_object_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
