/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas_rbtree.c - areas=rbtree: a tree of areas by address. An area is found in O(log n);
 * room by walking from neighbour to neighbour, from where the last search ended if no hole
 * below can fit. Cheap while areas come and go in order; linear where small holes lie
 * between. Linux 2.6.28 to 5.1 (alloc_vmap_area(); db64fe02258f brought the tree,
 * "mm: vmap area cache" in 2.6.39 the place to start from).
 *
 * Lock order: pinned -> busy.lock, a leaf, held for the whole walk.
 */
#include "areas_parts.h"
#include "core.h"

int areas_rbtree_init(struct tri_core *core)
{
	core->areas.search.from = NULL;
	return 0;
}

/*
 * Where the next search may start: behind the area the last one placed, unless the largest
 * hole seen below may do. That hole was measured for the alignment then asked for; a weaker
 * one may fit more. Linux starts anew for sizes below that hole only, not equal to it, and so
 * overlooks a hole of just the right size: with us an allocation fails only without room.
 */
static struct area *search_from(struct area_search *search, unsigned long bytes,
				unsigned long align_pages)
{
	if (!search->from || bytes <= search->largest_hole || align_pages < search->align_pages) {
		search->from = NULL;
		search->largest_hole = 0;
	}
	search->align_pages = align_pages;
	return search->from;
}

/* Where an area of @bytes can start; the end of the window if nowhere. */
static uintptr_t find_room(struct tri_core *core, unsigned long bytes, unsigned long align_pages,
			   unsigned long *steps)
{
	struct area_search *search = &core->areas.search;
	struct area *from = search_from(search, bytes, align_pages);
	uintptr_t start = area_align(from ? area_end(from) : core->window_start, align_pages);
	struct rbt_node *next =
		from ? rbt_neighbour(&from->node, RBT_RIGHT) : rbt_first(&core->areas.busy.tree);

	for (*steps = 1; next && start + bytes > next->key; ++*steps) {
		if (next->key > start && next->key - start > search->largest_hole)
			search->largest_hole = next->key - start;
		start = area_align(area_end(area_of(next)), align_pages);
		next = rbt_neighbour(next, RBT_RIGHT);
	}
	return start + bytes <= core->window_end ? start : core->window_end;
}

struct area *areas_rbtree_alloc(struct tri_core *core, unsigned long pages,
				unsigned long align_pages)
{
	struct areas *areas = &core->areas;
	struct area_spares spares = {NULL};
	struct area *area = NULL;
	unsigned long saved, steps;
	uintptr_t start;

	if (!area_spares_fill(core, &spares, 1))
		return NULL;
	saved = tri_lock(&areas->busy.lock);
	start = find_room(core, pages << TRI_PAGE_SHIFT, align_pages, &steps);
	if (start != core->window_end) {
		area = area_spares_take(&spares);
		area_begin(area, start, pages);
		rbt_insert(&areas->busy.tree, &area->node);
		areas->search.from = area;
		areas->busy.live++;
		tri_count(core, TRI_EVENT_area_alloc, 1);
		tri_count(core, TRI_EVENT_area_steps, steps);
	}
	tri_unlock(&areas->busy.lock, saved);
	area_spares_release(core, &spares);
	return area;
}

struct area *areas_rbtree_find(struct tri_core *core, uintptr_t start, bool retire)
{
	return area_tree_find(&core->areas.busy, start, retire);
}

void areas_rbtree_free(struct tri_core *core, struct area *area)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->busy.lock);
	struct area *from = areas->search.from;

	areas->busy.live -= area->state == AREA_LIVE;
	/* A new hole at or below the place to start from: start below it. */
	if (from && area_start(area) <= area_start(from))
		areas->search.from = area_of(rbt_neighbour(&area->node, RBT_LEFT));
	rbt_erase(&areas->busy.tree, &area->node);
	tri_unlock(&areas->busy.lock, saved);
	pool_free(&core->area_pool, area);
}

int areas_rbtree_grow(struct tri_core *core, struct area *area, unsigned long pages)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->busy.lock);
	struct rbt_node *above = rbt_neighbour(&area->node, RBT_RIGHT);
	uintptr_t limit = above ? above->key : core->window_end;
	bool room = limit - area_start(area) >= pages << TRI_PAGE_SHIFT;

	if (room)
		area->pages = (uint32_t)pages;
	tri_unlock(&areas->busy.lock, saved);
	return room ? 0 : -ENOMEM;
}

void areas_rbtree_shrink(struct tri_core *core, struct area *area, struct area *tail,
			 unsigned long pages)
{
	unsigned long saved = tri_lock(&core->areas.busy.lock);

	area_cut(area, tail, pages);
	rbt_insert(&core->areas.busy.tree, &tail->node);
	tri_unlock(&core->areas.busy.lock, saved);
}

bool areas_rbtree_look(struct tri_core *core, uintptr_t addr, struct area_view *out)
{
	return area_tree_look(&core->areas.busy, addr, out);
}
