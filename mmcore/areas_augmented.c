/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas_augmented.c - areas=augmented: a tree of free ranges and a tree of areas under one
 * lock, which together tile the window. Finding room is O(log n); so is everything else.
 * Linux 5.2 to 6.8.
 *
 * Lock order: pinned -> busy.lock, a leaf. Objects come from and go to the pool outside it.
 */
#include "areas_parts.h"
#include "core.h"

int areas_augmented_init(struct tri_core *core)
{
	return ranges_init(core);
}

struct area *areas_augmented_alloc(struct tri_core *core, unsigned long pages,
				   unsigned long align_pages)
{
	struct areas *areas = &core->areas;
	struct area_spares spares = {NULL};
	unsigned long saved, steps = 0;
	struct area *area;

	if (!area_spares_fill(core, &spares, ranges_spares(align_pages)))
		return NULL;
	saved = tri_lock(&areas->busy.lock);
	area = ranges_take(&areas->free, pages, align_pages, &spares, &steps);
	if (area) {
		rbt_insert(&areas->busy.tree, &area->node);
		areas->busy.live++;
		tri_count(core, TRI_EVENT_area_alloc, 1);
		tri_count(core, TRI_EVENT_area_steps, steps);
	}
	tri_unlock(&areas->busy.lock, saved);
	area_spares_release(core, &spares);
	return area;
}

struct area *areas_augmented_find(struct tri_core *core, uintptr_t start, bool retire)
{
	return area_tree_find(&core->areas.busy, start, retire);
}

void areas_augmented_free(struct tri_core *core, struct area *area)
{
	struct areas *areas = &core->areas;
	struct area_spares spares = {NULL};
	unsigned long saved = tri_lock(&areas->busy.lock);

	areas->busy.live -= area->state == AREA_LIVE;
	rbt_erase(&areas->busy.tree, &area->node);
	ranges_give(&areas->free, area, &spares);
	tri_unlock(&areas->busy.lock, saved);
	area_spares_release(core, &spares);
}

int areas_augmented_grow(struct tri_core *core, struct area *area, unsigned long pages)
{
	struct areas *areas = &core->areas;
	struct area_spares spares = {NULL};
	unsigned long saved = tri_lock(&areas->busy.lock);
	bool room = ranges_take_at(&areas->free, area_end(area), pages - area->pages, &spares);

	if (room)
		area->pages = (uint32_t)pages;
	tri_unlock(&areas->busy.lock, saved);
	area_spares_release(core, &spares);
	return room ? 0 : -ENOMEM;
}

void areas_augmented_shrink(struct tri_core *core, struct area *area, struct area *tail,
			    unsigned long pages)
{
	unsigned long saved = tri_lock(&core->areas.busy.lock);

	area_cut(area, tail, pages);
	rbt_insert(&core->areas.busy.tree, &tail->node);
	tri_unlock(&core->areas.busy.lock, saved);
}

bool areas_augmented_look(struct tri_core *core, uintptr_t addr, struct area_view *out)
{
	return area_tree_look(&core->areas.busy, addr, out);
}
