/* SPDX-License-Identifier: GPL-2.0-only */
/* check_areas.c - the window: its ranges, what waits, and every entry of its tables. */
#include "check.h"

#define ENTRIES	    512UL
#define LEVEL1_SPAN (ENTRIES << TRI_PAGE_SHIFT)

struct tally {
	unsigned long ranges, live, waiting, waiting_pages;
};

static void check_entry(struct check *check, uintptr_t addr, uint64_t entry, bool mapped)
{
	unsigned long pfn = pagetable_pfn(entry);

	if (!mapped) {
		if (entry)
			CHECK_FAULT(check, "%lx is mapped to pfn %lx, but not in use", addr, pfn);
	} else if (entry != pagetable_leaf(pfn)) {
		CHECK_FAULT(check, "%lx is in use, but its entry is %lx", addr,
			    (unsigned long)entry);
	} else {
		check_claim(check, frame_find(&check->core->frames, pfn), FRAME_MAPPED, 0, "area");
	}
}

/* Every page of the range is mapped, or none is. */
static void check_mapped(struct check *check, uintptr_t start, uintptr_t end, bool mapped)
{
	while (start < end) {
		uintptr_t next = (start | (LEVEL1_SPAN - 1)) + 1;
		uint64_t *entry = pagetable_entries(check->core, start);

		if (next > end)
			next = end;
		if (!entry && mapped)
			CHECK_FAULT(check, "%lx is in use, but has no table", start);
		for (; entry && start < next; start += TRI_PAGE_SIZE)
			check_entry(check, start, *entry++, mapped);
		start = next;
	}
}

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
		check_mapped(check, area_start(area), area_end(area) - TRI_PAGE_SIZE, true);
		check_mapped(check, area_end(area) - TRI_PAGE_SIZE, area_end(area), false);
		return;
	}
	if (area->state == AREA_WAITING) {
		tally->waiting++;
		tally->waiting_pages += area->pages;
	}
	check_mapped(check, area_start(area), area_end(area), false);
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
			check_mapped(check, end, area_start(area), false);
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
		check_mapped(check, end, core->window_end, false);
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
	if (free != pool->objects_free || free + tally->ranges != total)
		CHECK_FAULT(check, "pool: %lu objects free, counted %lu, %lu in use of %lu", free,
			    pool->objects_free, tally->ranges, total);
}

static void check_tables(struct check *check)
{
	struct tri_core *core = check->core;

	for (unsigned long i = 0; i < core->pagetable.nr_level2; i++) {
		uint64_t *level2 = core->pagetable.level2[i];

		check_claim(check, frame_find(&core->frames, plat_ptr_to_pfn(level2)), FRAME_TABLE,
			    0, "page table");
		for (unsigned long slot = 0; slot < ENTRIES; slot++) {
			if (!pagetable_present(level2[slot]))
				continue;
			check_claim(check, frame_find(&core->frames, pagetable_pfn(level2[slot])),
				    FRAME_TABLE, 0, "page table");
		}
	}
	if (check->claims[FRAME_TABLE] != core->pagetable.tables)
		CHECK_FAULT(check, "%lu page tables found, counted %lu", check->claims[FRAME_TABLE],
			    core->pagetable.tables);
}

void check_areas(struct check *check)
{
	struct tally tally = {.ranges = 0};

	check_tables(check);
	if (!check_area_lists(check))
		return;
	check_tiling(check, &tally);
	check_waiting(check, tally.waiting, tally.waiting_pages);
	if (areas_live(check->core) != tally.live)
		CHECK_FAULT(check, "%lu areas are live, counted %lu", tally.live,
			    areas_live(check->core));
	check_pool(check, &tally);
}
