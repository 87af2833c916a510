/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check_area_lists.c - what the answers of areas= and flush= keep of areas: trees, the list,
 * pools, where a search starts, what waits. Whether it fits the window is check_areas.c's.
 */
#include "areas_parts.h"
#include "check.h"

/* More areas than the pool has objects: a list that leads in a circle. */
static unsigned long areas_most(const struct check *check)
{
	return check->core->area_pool.frames.count * (TRI_PAGE_SIZE / AREA_SIZE);
}

/* A broken tree is reported and not walked any further. */
static bool tree_fine(struct check *check, const struct rbt_tree *tree, const char *name)
{
	const struct rbt_node *at;
	const char *why = rbt_check(tree, &at);

	if (why)
		CHECK_FAULT(check, "tree of %s, at %lx: %s", name, at->key, why);
	return !why;
}

static bool list_fine(struct check *check)
{
	const struct area *area = check->core->areas.lowest;
	const struct rbt_node *below = NULL;
	unsigned long n = 0, most = areas_most(check);

	for (; area && n <= most; area = area_list_next(area), n++) {
		if (area->node.child[RBT_LEFT] != below ||
		    (below && area_start(area) <= below->key)) {
			CHECK_FAULT(check, "list of areas: %lx does not follow what is before it",
				    area_start(area));
			return false;
		}
		below = &area->node;
	}
	return true;
}

/* Nothing below the place to start from could take what a search above it is for. */
static void check_search(struct check *check)
{
	const struct areas *areas = &check->core->areas;
	const struct area *from = areas->search.from, *area;
	uintptr_t end = check->core->window_start;

	for (area = NULL; from && area != from; end = area_end(area)) {
		area = check_area_next(check->core, area);
		if (!area) {
			CHECK_FAULT(check, "a search would start at an area that is none");
			return;
		}
		if (areas->search.align_pages == 1 && area_start(area) > end &&
		    area_start(area) - end > areas->search.largest_hole)
			CHECK_FAULT(check, "a search would miss the hole at %lx", end);
	}
}

static void check_pool_of(struct check *check, unsigned int home, unsigned long size)
{
	const struct area_node *node = &check->core->areas.node[home];
	const struct area *area = node->pool[size];
	unsigned long n = 0;

	for (; area && n <= node->kept[size]; area = area->next, n++) {
		if (area->state != AREA_KEPT || area->pages != size + 1 || area->home != home)
			CHECK_FAULT(check, "the area at %lx is not one for pool %lu of node %u",
				    area_start(area), size + 1, home);
	}
	if (n != node->kept[size])
		CHECK_FAULT(check, "pool %lu of node %u holds %lu areas, counted %lu", size + 1,
			    home, n, node->kept[size]);
}

/* What is KEPT in the trees stands in pools, and nothing else does. */
static void check_pools(struct check *check)
{
	const struct areas *areas = &check->core->areas;
	unsigned long pooled = 0, kept = 0;

	for (unsigned int i = 0; i < areas->nodes; i++) {
		const struct rbt_node *node = rbt_first(&areas->node[i].busy.tree);

		for (unsigned long size = 0; size < AREA_POOLS; size++) {
			check_pool_of(check, i, size);
			pooled += areas->node[i].kept[size];
		}
		for (; node; node = rbt_neighbour(node, RBT_RIGHT)) {
			kept += area_of((struct rbt_node *)node)->state == AREA_KEPT;
			if (areas_nodes_zone(areas, node->key) != i)
				CHECK_FAULT(check, "the area at %lx is in the tree of node %u",
					    node->key, i);
		}
	}
	if (pooled != kept)
		CHECK_FAULT(check, "%lu areas are kept, pools hold %lu", kept, pooled);
}

bool check_area_lists(struct check *check)
{
	const struct areas *areas = &check->core->areas;
	bool fine = list_fine(check);

	fine &= tree_fine(check, &areas->free, "free ranges");
	fine &= tree_fine(check, &areas->busy.tree, "areas");
	for (unsigned int i = 0; i < areas->nodes; i++)
		fine &= tree_fine(check, &areas->node[i].busy.tree, "a node's areas");
	if (!fine)
		return false;
	check_search(check);
	check_pools(check);
	return true;
}

static struct area *tree_next(const struct area_tree *busy, uintptr_t end, struct area *lowest)
{
	struct area *area = area_tree_above(busy, end);

	return !lowest || (area && area_start(area) < area_start(lowest)) ? area : lowest;
}

struct area *check_area_next(const struct tri_core *core, const struct area *after)
{
	const struct areas *areas = &core->areas;
	uintptr_t end = after ? area_end(after) : core->window_start;
	struct area *next;

	if (areas->lowest)
		return after ? area_list_next(after) : areas->lowest;
	next = tree_next(&areas->busy, end, NULL);
	for (unsigned int i = 0; i < areas->nodes; i++)
		next = tree_next(&areas->node[i].busy, end, next);
	return next;
}

static unsigned long check_queue(struct check *check, const struct flush_list *list)
{
	const struct area *area = list->queue;
	unsigned long n = 0, pages = 0, most = areas_most(check);

	for (; area && n <= most; area = area->next) {
		n++;
		pages += area->pages;
		if (area->state != AREA_WAITING)
			CHECK_FAULT(check, "the queued area at %lx is in state %u",
				    area_start(area), area->state);
	}
	if (pages != list->pages)
		CHECK_FAULT(check, "%lu pages wait in a list, counted %lu", pages, list->pages);
	return n;
}

void check_waiting(struct check *check, unsigned long areas, unsigned long pages)
{
	const struct flush *flush = &check->core->flush;
	unsigned long queued = 0;

	for (unsigned int i = 0; i < flush->lists; i++)
		queued += check_queue(check, &flush->list[i]);
	if (queued != areas || flush->areas != areas || flush->pages != pages)
		CHECK_FAULT(check, "%lu areas (%lu pages) wait, queued %lu, counted %lu (%lu)",
			    areas, pages, queued, flush->areas, flush->pages);
}
