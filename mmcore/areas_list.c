/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas_list.c - areas=list: one list in order of address, walked from its start to find
 * room and to find an area. Nothing else is kept, so both cost what is live: n areas take n
 * steps each. Linux before 2.6.28 (__get_vm_area_node() and __find_vm_area() over vmlist).
 *
 * Lock order: pinned -> busy.lock, a leaf, held for the whole walk, as vmlist_lock was.
 */
#include "areas_parts.h"
#include "core.h"

/* Put @area between two neighbours; NULL is an end of the list. */
static void link_between(struct areas *areas, struct area *below, struct area *area,
			 struct area *above)
{
	area->node.child[RBT_LEFT] = below ? &below->node : NULL;
	area->node.child[RBT_RIGHT] = above ? &above->node : NULL;
	if (below)
		below->node.child[RBT_RIGHT] = &area->node;
	else
		areas->lowest = area;
	if (above)
		above->node.child[RBT_LEFT] = &area->node;
}

int areas_list_init(struct tri_core *core)
{
	core->areas.lowest = NULL;
	return 0;
}

struct area *areas_list_alloc(struct tri_core *core, unsigned long pages, unsigned long align_pages)
{
	struct areas *areas = &core->areas;
	unsigned long bytes = pages << TRI_PAGE_SHIFT, saved, steps = 1;
	uintptr_t start = area_align(core->window_start, align_pages);
	struct area *below = NULL, *above, *area = NULL;
	struct area_spares spares = {NULL};

	if (!area_spares_fill(core, &spares, 1))
		return NULL;
	saved = tri_lock(&areas->busy.lock);
	for (above = areas->lowest; above && start + bytes > area_start(above); steps++) {
		start = area_align(area_end(above), align_pages);
		below = above;
		above = area_list_next(above);
	}
	if (start + bytes <= core->window_end) {
		area = area_spares_take(&spares);
		area_begin(area, start, pages);
		link_between(areas, below, area, above);
		areas->busy.live++;
		tri_count(core, TRI_EVENT_area_alloc, 1);
		tri_count(core, TRI_EVENT_area_steps, steps);
	}
	tri_unlock(&areas->busy.lock, saved);
	area_spares_release(core, &spares);
	return area;
}

struct area *areas_list_find(struct tri_core *core, uintptr_t start, bool retire)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->busy.lock);
	struct area *area = areas->lowest;

	while (area && area_start(area) < start)
		area = area_list_next(area);
	if (area && (area_start(area) != start || area->state != AREA_LIVE))
		area = NULL;
	if (area && retire) {
		area->state = AREA_WAITING;
		areas->busy.live--;
	}
	tri_unlock(&areas->busy.lock, saved);
	return area;
}

void areas_list_free(struct tri_core *core, struct area *area)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->busy.lock);
	struct rbt_node *below = area->node.child[RBT_LEFT], *above = area->node.child[RBT_RIGHT];

	areas->busy.live -= area->state == AREA_LIVE;
	if (below)
		below->child[RBT_RIGHT] = above;
	else
		areas->lowest = area_of(above);
	if (above)
		above->child[RBT_LEFT] = below;
	tri_unlock(&areas->busy.lock, saved);
	pool_free(&core->area_pool, area);
}

int areas_list_grow(struct tri_core *core, struct area *area, unsigned long pages)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->busy.lock);
	struct area *above = area_list_next(area);
	uintptr_t limit = above ? area_start(above) : core->window_end;
	bool room = limit - area_start(area) >= pages << TRI_PAGE_SHIFT;

	if (room)
		area->pages = (uint32_t)pages;
	tri_unlock(&areas->busy.lock, saved);
	return room ? 0 : -ENOMEM;
}

void areas_list_shrink(struct tri_core *core, struct area *area, struct area *tail,
		       unsigned long pages)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->busy.lock);

	area_cut(area, tail, pages);
	link_between(areas, area, tail, area_list_next(area));
	tri_unlock(&areas->busy.lock, saved);
}

bool areas_list_look(struct tri_core *core, uintptr_t addr, struct area_view *out)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->busy.lock);
	struct area *area = areas->lowest;

	while (area && area_end(area) <= addr)
		area = area_list_next(area);
	if (area)
		area_view(area, out);
	tri_unlock(&areas->busy.lock, saved);
	return area;
}
