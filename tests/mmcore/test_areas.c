/* SPDX-License-Identifier: GPL-2.0-only */
/* test_areas.c - every areas= against a map of the window's pages; and the pool below. */
#include <string.h>

#include "answers.h"
#include "check.h"
#include "model_platform.h"

#define PAGES  2048UL
#define WINDOW (PAGES * TRI_PAGE_SIZE)
#define AREAS  300
#define CPUS   4

/* 0: free, else the area it belongs to, plus one. */
static uint16_t owner[PAGES];

static struct tri_core *start(enum tri_policy_value answer)
{
	struct tri_config config;

	model_config(&config, CPUS, 1024, WINDOW);
	config.policy[TRI_QUESTION_areas] = answer;
	memset(owner, 0, sizeof(owner));
	return model_start(&config);
}

static bool keeps_aside(const struct tri_core *core)
{
	return core->policy[TRI_QUESTION_areas] == TRI_POLICY_areas_nodes;
}

static unsigned long page_of(const struct area *area)
{
	return (area_start(area) - MODEL_WINDOW) / TRI_PAGE_SIZE;
}

/* First page of the lowest hole of @pages at a multiple of @align, or PAGES. */
static unsigned long lowest_hole(unsigned long pages, unsigned long align)
{
	for (unsigned long i = 0; i + pages <= PAGES; i += align) {
		unsigned long n = 0;

		while (n < pages && !owner[i + n])
			n++;
		if (n == pages)
			return i;
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

	if (!areas_keep_ranges(core))
		return;
	for (unsigned long i = 0; i < PAGES; i++) {
		if (owner[i] || (i && !owner[i - 1]))
			continue;
		assert_non_null(node);
		assert_int_equal(page_of(area_of(node)), i);
		node = rbt_neighbour(node, RBT_RIGHT);
	}
	assert_null(node);
}

/* Areas are not mapped here: of tri_check(), only what it says of their lists applies. */
static void assert_lists(struct tri_core *core)
{
	struct check check = {.core = core};

	assert_true(check_area_lists(&check));
	assert_int_equal(check.faults, 0);
}

/* Walking finds the areas, and only them, in order of address. */
static void assert_walk(struct tri_core *core)
{
	struct area_view view = {.end = MODEL_WINDOW};
	unsigned long page = 0, first, end;

	while (areas_look(core, view.end, &view)) {
		first = (view.start - MODEL_WINDOW) / TRI_PAGE_SIZE;
		end = (view.end - MODEL_WINDOW) / TRI_PAGE_SIZE;
		for (; page < first; page++)
			assert_int_equal(owner[page], 0);
		for (; page < end; page++)
			assert_int_equal(owner[page], owner[first]);
		assert_true(owner[first] && (end == PAGES || owner[end] != owner[first]));
		assert_int_equal(view.state, AREA_LIVE);
		assert_int_equal(view.requested, owner[first]);
	}
	for (; page < PAGES; page++)
		assert_int_equal(owner[page], 0);
}

static struct area *alloc_one(struct tri_core *core, uint64_t *random, unsigned long i)
{
	unsigned long pages = 1 + test_below(random, test_below(random, 20) ? 16 : 400);
	unsigned long align = test_below(random, 4) ? 1 : 1UL << test_below(random, 8);
	unsigned long hole = lowest_hole(pages, align);
	struct area *area = areas_alloc(core, pages, align);

	if (!area && keeps_aside(core)) {
		areas_decay(core, true);
		area = areas_alloc(core, pages, align);
	}
	assert_int_equal(!area, hole == PAGES);
	if (!area)
		return NULL;
	if (align == 1 && !keeps_aside(core))
		assert_int_equal(page_of(area), hole);
	assert_int_equal(page_of(area) % align, 0);
	assert_int_equal(area->pages, pages);
	assert_int_equal(area->state, AREA_LIVE);
	assert_int_equal(area->flags + area->kind + area->requested, 0);
	set_owner(page_of(area), pages, i + 1);
	area_describe(area, 1, i + 1);
	return area;
}

static void free_one(struct tri_core *core, uint64_t *random, struct area *area)
{
	set_owner(page_of(area), area->pages, 0);
	assert_ptr_equal(areas_find(core, area_start(area)), area);
	if (test_below(random, 2))
		assert_ptr_equal(areas_retire(core, area_start(area)), area);
	areas_free(core, area);
}

static void grow_one(struct tri_core *core, uint64_t *random, struct area *area, unsigned long i)
{
	unsigned long pages = area->pages, more = 1 + test_below(random, 20), room = 0;
	unsigned long end = page_of(area) + pages;
	int error;

	while (room < more && end + room < PAGES && !owner[end + room])
		room++;
	error = areas_grow(core, area, pages + more);
	if (error && keeps_aside(core)) {
		areas_decay(core, true);
		error = areas_grow(core, area, pages + more);
	}
	assert_int_equal(error, room == more ? 0 : -ENOMEM);
	if (!error)
		set_owner(end, more, i + 1);
	assert_int_equal(area->pages, pages + (error ? 0 : more));
}

static void shrink_one(struct tri_core *core, uint64_t *random, struct area *area)
{
	unsigned long pages = area->pages, keep;
	struct area *tail;

	if (pages == 1)
		return;
	keep = 1 + test_below(random, pages - 1);
	tail = areas_shrink(core, area, keep);
	assert_non_null(tail);
	assert_int_equal(area->pages, keep);
	assert_ptr_equal((void *)area_start(tail), (void *)area_end(area));
	assert_int_equal(tail->pages, pages - keep);
	assert_int_equal(tail->state, AREA_WAITING);
	assert_ptr_equal((void *)area_flush_start(tail),
			 (void *)(area_start(tail) - TRI_PAGE_SIZE));
	assert_null(areas_find(core, area_start(tail)));
	set_owner(page_of(tail), tail->pages, 0);
	areas_free(core, tail);
}

static void random_stream(enum tri_policy_value answer)
{
	struct area *area[AREAS] = {NULL};
	uint64_t random = test_seed();
	struct tri_core *core = start(answer);
	unsigned long live = 0;

	for (int step = 0; step < 12000; step++) {
		unsigned long i = test_below(&random, AREAS), what = test_below(&random, 8);

		plat_slot = test_below(&random, CPUS);
		if (!area[i]) {
			area[i] = alloc_one(core, &random, i);
			live += !!area[i];
		} else if (what == 0) {
			grow_one(core, &random, area[i], i);
		} else if (what == 1) {
			shrink_one(core, &random, area[i]);
		} else {
			free_one(core, &random, area[i]);
			area[i] = NULL;
			live--;
		}
		if (step % 256 == 0)
			areas_decay(core, test_below(&random, 2));
		assert_lists(core);
		assert_walk(core);
		assert_int_equal(areas_live(core), live);
		if (!keeps_aside(core))
			assert_free_ranges(core);
	}
	for (int i = 0; i < AREAS; i++) {
		if (area[i])
			free_one(core, &random, area[i]);
	}
	areas_decay(core, true);
	assert_free_ranges(core);
	plat_slot = 0;
	model_stop(core);
}

static void random_operations(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(answer, "areas")
	random_stream(answer);
}

static void retire_only_live(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(answer, "areas")
	{
		struct tri_core *core = start(answer);
		struct area *area;

		assert_null(areas_retire(core, MODEL_WINDOW));
		area = areas_alloc(core, 3, 1);
		assert_null(areas_retire(core, MODEL_WINDOW + TRI_PAGE_SIZE));
		assert_null(areas_retire(core, MODEL_WINDOW + 3 * TRI_PAGE_SIZE));
		assert_ptr_equal(areas_find(core, MODEL_WINDOW), area);
		assert_ptr_equal(areas_retire(core, MODEL_WINDOW), area);
		assert_null(areas_find(core, MODEL_WINDOW));
		assert_null(areas_retire(core, MODEL_WINDOW));
		areas_free(core, area);
		assert_null(areas_retire(core, MODEL_WINDOW));
		model_stop(core);
	}
}

static void whole_window(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(answer, "areas")
	{
		struct tri_core *core = start(answer);
		struct area *area;

		assert_null(areas_alloc(core, PAGES + 1, 1));
		area = areas_alloc(core, PAGES, 1);
		assert_non_null(area);
		assert_null(areas_alloc(core, 1, 1));
		assert_int_equal(areas_grow(core, area, PAGES + 1), -ENOMEM);
		areas_free(core, area);
		area = areas_alloc(core, 2, 1);
		assert_int_equal(areas_grow(core, area, PAGES), 0);
		assert_null(areas_alloc(core, 1, 1));
		areas_free(core, area);
		model_stop(core);
	}
}

/* Nodes visited for one area of two pages behind @live of one page, with a hole between each. */
static unsigned long steps_among(enum tri_policy_value answer, unsigned long live)
{
	struct tri_core *core = start(answer);
	struct area *area[1024], *last;
	unsigned long steps;

	for (unsigned long i = 0; i < 2 * live; i++)
		area[i] = areas_alloc(core, 1, 1);
	for (unsigned long i = 0; i < 2 * live; i += 2)
		areas_free(core, area[i]);
	areas_decay(core, true);
	tri_events_reset(core);
	last = areas_alloc(core, 2, 1);
	steps = model_event(core, TRI_EVENT_area_steps);
	assert_int_equal(page_of(last), 2 * live);
	areas_free(core, last);
	for (unsigned long i = 1; i < 2 * live; i += 2)
		areas_free(core, area[i]);
	areas_decay(core, true);
	model_stop(core);
	return steps;
}

static void a_list_is_walked_and_a_tree_is_not(void **state)
{
	(void)state;
	for (unsigned long live = 16; live <= 512; live *= 2) {
		assert_int_equal(steps_among(TRI_POLICY_areas_list, live), live + 1);
		assert_int_equal(steps_among(TRI_POLICY_areas_rbtree, live), live + 1);
		/* A red-black tree of 513 nodes is at most 18 deep. */
		assert_in_range(steps_among(TRI_POLICY_areas_augmented, live), 1, 18);
		assert_in_range(steps_among(TRI_POLICY_areas_nodes, live), 1, 18);
	}
}

/* One after the other, of one size: where the last search ended is where the next one does. */
static void rbtree_goes_on_where_it_was(void **state)
{
	struct tri_core *core = start(TRI_POLICY_areas_rbtree);
	struct area *area[500];

	(void)state;
	for (int i = 0; i < 500; i++)
		area[i] = areas_alloc(core, 2, 1);
	assert_int_equal(model_event(core, TRI_EVENT_area_steps), 500);
	/* A hole of the size asked for is found, though the search was far behind it. */
	areas_free(core, area[3]);
	area[3] = areas_alloc(core, 2, 1);
	assert_int_equal(page_of(area[3]), 6);
	for (int i = 0; i < 500; i++)
		areas_free(core, area[i]);
	model_stop(core);
}

/* What a CPU frees it gets again, and nobody else; a purge gives back a quarter. */
static void nodes_keep_what_was_freed(void **state)
{
	struct tri_core *core = start(TRI_POLICY_areas_nodes);
	struct area *area[16], *other;

	(void)state;
	plat_slot = 2;
	for (int i = 0; i < 16; i++)
		area[i] = areas_alloc(core, 5, 1);
	plat_slot = 1;
	for (int i = 0; i < 16; i++)
		areas_free(core, area[i]);
	assert_int_equal(core->areas.node[2].kept[4], 16);
	other = areas_alloc(core, 5, 1);
	assert_int_equal(page_of(other), 80);
	areas_free(core, other);
	assert_int_equal(core->areas.node[1].kept[4], 1);
	plat_slot = 2;
	assert_ptr_equal(areas_alloc(core, 5, 1), area[15]);
	areas_free(core, area[15]);
	areas_decay(core, false);
	assert_int_equal(core->areas.node[2].kept[4], 12);
	/* Fewer than four go all at once. */
	assert_int_equal(core->areas.node[1].kept[4], 0);
	assert_lists(core);
	areas_decay(core, true);
	assert_int_equal(core->areas.node[2].kept[4], 0);
	/* Beyond 256 pages nothing is kept. */
	areas_free(core, areas_alloc(core, 257, 1));
	assert_int_equal(page_of(areas_alloc(core, PAGES, 1)), 0);
	areas_free(core, areas_retire(core, MODEL_WINDOW));
	plat_slot = 0;
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
		cmocka_unit_test(a_list_is_walked_and_a_tree_is_not),
		cmocka_unit_test(rbtree_goes_on_where_it_was),
		cmocka_unit_test(nodes_keep_what_was_freed),
		cmocka_unit_test(pool_gives_each_object_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
