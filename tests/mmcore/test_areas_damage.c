/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_areas_damage.c - tri_check() of what only some answers of areas= and flush= keep:
 * damage one thing, and it must say so. What all keep is in test_check.c.
 */
#include <string.h>

#include "areas_parts.h"
#include "model_platform.h"

static struct tri_core *core;
static struct areas *areas;

/* Live, waiting and free in turn; with nodes, some kept aside in a pool. */
static void scene_start(const char *answer)
{
	struct tri_config config;
	void *area[12];

	model_config(&config, 2, 4000, 64UL << 20);
	assert_int_equal(tri_config_set(&config, "areas", answer), 0);
	assert_int_equal(tri_config_set(&config, "flush", "lazy-percpu"), 0);
	config.tunable[TRI_TUNABLE_lazy_max_pages] = 40;
	core = model_start(&config);
	areas = &core->areas;
	for (int i = 0; i < 12; i++)
		area[i] = tri_vmalloc(4 * TRI_PAGE_SIZE);
	/* Five are more than the CPU's share: purged; two more wait. */
	for (int i = 0; i < 7; i++)
		tri_vfree(area[i * 12 / 7]);
	assert_sound(core);
	model.quiet = true;
}

/* Of whatever tree: the n-th. */
static struct area *nth(unsigned int n)
{
	struct area_view view = {.end = core->window_start};

	do {
		assert_true(areas_look(core, view.end, &view));
	} while (n--);
	for (unsigned int i = 0; i < areas->nodes; i++) {
		struct area *area = area_tree_above(&areas->node[i].busy, view.start);

		if (area && area_start(area) == view.start)
			return area;
	}
	return areas->lowest ? NULL : area_tree_above(&areas->busy, view.start);
}

static void list_out_of_order(void)
{
	area_list_next(areas->lowest)->node.key = area_start(areas->lowest);
}

static void list_link_back_is_wrong(void)
{
	area_list_next(areas->lowest)->node.child[RBT_LEFT] = NULL;
}

static void list_lost_an_area(void)
{
	struct area *second = area_list_next(areas->lowest), *third = area_list_next(second);

	areas->lowest->node.child[RBT_RIGHT] = &third->node;
	third->node.child[RBT_LEFT] = &areas->lowest->node;
}

static void list_has_a_loop(void)
{
	area_list_next(areas->lowest)->node.child[RBT_RIGHT] = &areas->lowest->node;
}

static void search_misses_a_hole(void)
{
	areas->search = (struct area_search){.from = nth(5), .align_pages = 1};
}

static void search_starts_nowhere(void)
{
	struct area *gone = pool_alloc(core, &core->area_pool);

	gone->next = NULL;
	areas->search.from = gone;
}

/* The pool that has an area kept aside. */
static struct area **pool(struct area_node **node)
{
	for (*node = areas->node; *node < areas->node + areas->nodes; ++*node) {
		if ((*node)->pool[4])
			return &(*node)->pool[4];
	}
	fail_msg("nothing is kept aside");
	return NULL;
}

static void pool_count_wrong(void)
{
	struct area_node *node;

	pool(&node);
	node->kept[4]--;
}

static void pool_lost_what_it_kept(void)
{
	struct area_node *node;

	*pool(&node) = NULL;
	node->kept[4] = 0;
}

static void kept_area_has_another_size(void)
{
	struct area_node *node;
	struct area **first = pool(&node);

	node->pool[7] = *first;
	node->kept[7] = node->kept[4];
	*first = NULL;
	node->kept[4] = 0;
}

static void kept_area_is_another_nodes(void)
{
	struct area_node *node;

	(*pool(&node))->home ^= 1;
}

static void kept_area_is_live(void)
{
	struct area_node *node;

	(*pool(&node))->state = AREA_LIVE;
}

static void area_in_another_nodes_tree(void)
{
	struct area *area = nth(0);
	unsigned int zone = areas_nodes_zone(areas, area_start(area));

	area_tree_erase(&areas->node[zone].busy, area);
	area_tree_insert(&areas->node[!zone].busy, area);
}

static void nodes_tree_colour_wrong(void)
{
	areas->node[0].busy.tree.root->parent_red |= 1;
}

static void nodes_live_count_wrong(void)
{
	areas->node[1].busy.live++;
}

static void list_of_a_cpu_counts_wrong(void)
{
	core->flush.list[1].pages++;
}

static void what_a_cpu_queued_is_lost(void)
{
	core->flush.list[0].queue = core->flush.list[0].queue->next;
}

#define DAMAGE(answer, name)        \
	{                           \
		answer, #name, name \
	}
static const struct damage {
	const char *answer, *name;
	void (*inflict)(void);
} damages[] = {
	DAMAGE("list", list_out_of_order),
	DAMAGE("list", list_link_back_is_wrong),
	DAMAGE("list", list_lost_an_area),
	DAMAGE("list", list_has_a_loop),
	DAMAGE("rbtree", search_misses_a_hole),
	DAMAGE("rbtree", search_starts_nowhere),
	DAMAGE("nodes", pool_count_wrong),
	DAMAGE("nodes", pool_lost_what_it_kept),
	DAMAGE("nodes", kept_area_has_another_size),
	DAMAGE("nodes", kept_area_is_another_nodes),
	DAMAGE("nodes", kept_area_is_live),
	DAMAGE("nodes", area_in_another_nodes_tree),
	DAMAGE("nodes", nodes_tree_colour_wrong),
	DAMAGE("nodes", nodes_live_count_wrong),
	DAMAGE("augmented", list_of_a_cpu_counts_wrong),
	DAMAGE("nodes", what_a_cpu_queued_is_lost),
};
#define DAMAGES (sizeof(damages) / sizeof(damages[0]))

static void is_found(void **state)
{
	const struct damage *damage = *state;

	scene_start(damage->answer);
	memset(model.last_log, 0, sizeof(model.last_log));
	damage->inflict();
	assert_true(tri_check(core) > 0);
	assert_memory_equal(model.last_log, "tri_check: ", 11);
	model_abandon(core);
}

int main(void)
{
	static struct CMUnitTest tests[DAMAGES];

	for (unsigned int i = 0; i < DAMAGES; i++)
		tests[i] = (struct CMUnitTest){
			.name = damages[i].name,
			.test_func = is_found,
			.initial_state = (void *)&damages[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
