/* SPDX-License-Identifier: GPL-2.0-only */
/* check_areas.c - the window: its ranges, what waits, and every entry of its tables. */
#include "check.h"

struct tally {
	unsigned long ranges, live, waiting, waiting_pages;
};

static void check_range(struct check *check, const struct area *area, bool free,
			struct tally *tally)
{
	bool live = area->state == AREA_LIVE;

	if (area->state > AREA_KEPT || free != (area->state == AREA_FREE) ||
	    area->node.weight != (free ? area_bytes(area) : 0))
		CHECK_FAULT(check,
			    "the range at %lx, state %u, is in the wrong tree or has weight %lu",
			    area_start(area), area->state, area->node.weight);
	tally->ranges++;
	if (live) {
		tally->live++;
		check_entries(check, area_start(area), area_end(area) - TRI_PAGE_SIZE,
			      area->kind == TRI_AREA_VMALLOC ? CHECK_OWN
			      : area->kind == TRI_AREA_BLOCK ? CHECK_SOME_OTHERS
							     : CHECK_OTHERS);
		check_entries(check, area_end(area) - TRI_PAGE_SIZE, area_end(area), CHECK_NONE);
		return;
	}
	if (area->state == AREA_WAITING) {
		tally->waiting++;
		tally->waiting_pages += area->pages;
	}
	check_entries(check, area_start(area), area_end(area), CHECK_NONE);
}

/*
 * Areas, and the free ranges of the answers that have such, merged in order of address, fill
 * the window; without free ranges, what is between areas is free. Nothing is mapped there.
 */
static void check_tiling(struct check *check, struct tally *tally)
{
	struct tri_core *core = check->core;
	struct area *free = area_of(rbt_first(&core->areas.free));
	struct area *used = check_area_next(core, NULL);
	bool holes = !areas_keep_ranges(core), after_free = false;
	uintptr_t end = core->window_start;

	while (free || used) {
		bool is_free = free && (!used || area_start(free) < area_start(used));
		struct area *area = is_free ? free : used;

		if (holes && area_start(area) > end) {
			check_entries(check, end, area_start(area), CHECK_NONE);
			end = area_start(area);
		}
		if (area_start(area) != end || area_end(area) > core->window_end || !area->pages) {
			CHECK_FAULT(check, "the range %lx to %lx does not start at %lx",
				    area_start(area), area_end(area), end);
			return;
		}
		if (is_free && after_free)
			CHECK_FAULT(check, "two free ranges meet at %lx", end);
		check_range(check, area, is_free, tally);
		end = area_end(area);
		after_free = is_free;
		if (is_free)
			free = area_of(rbt_neighbour(&area->node, RBT_RIGHT));
		else
			used = check_area_next(core, area);
	}
	if (holes)
		check_entries(check, end, core->window_end, CHECK_NONE);
	else if (end != core->window_end)
		CHECK_FAULT(check, "nobody has the window from %lx on", end);
}

static void check_pool(struct check *check, const struct tally *tally)
{
	const struct pool *pool = &check->core->area_pool;
	const struct pool_object *object = pool->free;
	unsigned long total = pool->frames.count * (TRI_PAGE_SIZE / AREA_SIZE), free = 0;

	for (; object && free <= total; object = object->next)
		free++;
	if (free != pool->objects_free || free + tally->ranges + check->core->ram.blocks != total)
		CHECK_FAULT(check, "pool: %lu objects free, counted %lu, %lu in use of %lu", free,
			    pool->objects_free, tally->ranges + check->core->ram.blocks, total);
}

bool check_areas(struct check *check)
{
	struct tally tally = {.ranges = 0};

	if (!check_area_lists(check))
		return false;
	check_tiling(check, &tally);
	check_waiting(check, tally.waiting, tally.waiting_pages);
	if (areas_live(check->core) != tally.live)
		CHECK_FAULT(check, "%lu areas are live, counted %lu", tally.live,
			    areas_live(check->core));
	check_pool(check, &tally);
	return true;
}
