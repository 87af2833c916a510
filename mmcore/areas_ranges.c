/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas_ranges.c - free ranges of addresses in a tree by address, each node knowing the
 * largest range below it: the lowest fit in O(log n), as Linux since 5.2 (68ad4a330433,
 * "mm/vmalloc.c: keep track of free blocks for vmap allocation"). Callers lock.
 */
#include "areas_parts.h"
#include "core.h"

/* Where an area would start in @range, or 0 if it does not fit. */
static uintptr_t place(const struct area *range, unsigned long bytes, unsigned long align)
{
	uintptr_t start = area_align(area_start(range), align >> TRI_PAGE_SHIFT);

	return start < area_end(range) && area_end(range) - start >= bytes ? start : 0;
}

/*
 * A range of @bytes + @align holds an aligned area wherever it starts; asking for one finds
 * it in O(log n), as Linux does. Only where there is none are the smaller ones tried in
 * turn: an allocation fails only if there is no room.
 */
static struct area *find(struct rbt_tree *free, unsigned long bytes, unsigned long align,
			 unsigned long *steps)
{
	struct rbt_node *node = rbt_first_fit(free, bytes + align - TRI_PAGE_SIZE, steps);

	if (node || align == TRI_PAGE_SIZE)
		return area_of(node);
	for (node = rbt_first(free); node; node = rbt_neighbour(node, RBT_RIGHT)) {
		++*steps;
		if (place(area_of(node), bytes, align))
			break;
	}
	return area_of(node);
}

static void set_range(struct area *range, unsigned long pages)
{
	range->pages = (uint32_t)pages;
	rbt_set_weight(&range->node, area_bytes(range));
}

static void insert_range(struct rbt_tree *free, struct area *range, uintptr_t start, uintptr_t end)
{
	area_begin(range, start, (end - start) >> TRI_PAGE_SHIFT);
	range->state = AREA_FREE;
	range->node.weight = end - start;
	rbt_insert(free, &range->node);
}

bool areas_keep_ranges(const struct tri_core *core)
{
	return core->policy[TRI_QUESTION_areas] == TRI_POLICY_areas_augmented ||
	       core->policy[TRI_QUESTION_areas] == TRI_POLICY_areas_nodes;
}

int ranges_init(struct tri_core *core)
{
	struct area *window = pool_alloc(core, &core->area_pool);

	if (!window)
		return -ENOMEM;
	insert_range(&core->areas.free, window, core->window_start, core->window_end);
	return 0;
}

struct area *ranges_take(struct rbt_tree *free, unsigned long pages, unsigned long align_pages,
			 struct area_spares *spares, unsigned long *steps)
{
	unsigned long bytes = pages << TRI_PAGE_SHIFT, align = align_pages << TRI_PAGE_SHIFT;
	struct area *range = find(free, bytes, align, steps), *area;
	uintptr_t start, end;

	if (!range)
		return NULL;
	start = place(range, bytes, align);
	end = area_end(range);
	if (range->pages == pages) {
		rbt_erase(free, &range->node);
		area = range;
	} else {
		area = area_spares_take(spares);
		if (area_start(range) == start) {
			range->node.key += bytes;
			set_range(range, range->pages - pages);
		} else {
			set_range(range, (start - area_start(range)) >> TRI_PAGE_SHIFT);
			if (start + bytes < end)
				insert_range(free, area_spares_take(spares), start + bytes, end);
		}
	}
	area_begin(area, start, pages);
	return area;
}

bool ranges_take_at(struct rbt_tree *free, uintptr_t start, unsigned long pages,
		    struct area_spares *spares)
{
	struct area *range = area_of(rbt_at_or_below(free, start));

	if (!range || area_start(range) != start || range->pages < pages)
		return false;
	if (range->pages == pages) {
		rbt_erase(free, &range->node);
		area_spares_add(spares, range);
	} else {
		range->node.key += pages << TRI_PAGE_SHIFT;
		set_range(range, range->pages - pages);
	}
	return true;
}

void ranges_give(struct rbt_tree *free, struct area *area, struct area_spares *spares)
{
	struct area *below = area_of(rbt_at_or_below(free, area_start(area)));
	struct rbt_node *next = below ? rbt_neighbour(&below->node, RBT_RIGHT) : rbt_first(free);
	struct area *above = area_of(next);
	uintptr_t end = area_end(area);

	if (above && end == area_start(above)) {
		end = area_end(above);
		rbt_erase(free, &above->node);
		area_spares_add(spares, above);
	}
	if (below && area_end(below) == area_start(area)) {
		set_range(below, (end - area_start(below)) >> TRI_PAGE_SHIFT);
		area_spares_add(spares, area);
	} else {
		insert_range(free, area, area_start(area), end);
	}
}
