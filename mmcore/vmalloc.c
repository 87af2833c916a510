/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmalloc.c - virtually contiguous memory: an area, frames, and entries that join them.
 * Each step has its own file; here is their order, and the way back when one fails. The
 * functions are declared in tri.h.
 */
#include "core.h"

static struct area *find_room(struct tri_core *core, unsigned long pages)
{
	struct area *area = areas_alloc(core, pages, 1);

	if (!area) {
		/* Address space may only be waiting, or have been until we held the purge. */
		flush_purge(core);
		area = areas_alloc(core, pages, 1);
	}
	return area;
}

void *tri_vmalloc(unsigned long size)
{
	struct tri_core *core = plat_core();
	unsigned long pages = size / TRI_PAGE_SIZE + (size % TRI_PAGE_SIZE != 0);
	struct frame_list frames = {.count = 0};
	struct area *area;

	plat_might_sleep();
	if (!pages || pages > core->frames.count)
		return NULL;
	area = find_room(core, pages + 1);
	if (!area)
		return NULL;
	if (pcp_alloc_list(core, &frames, pages))
		goto out_free;
	if (pagetable_map(core, area_start(area), pages, &frames))
		goto out_retire;
	return (void *)area_start(area);

out_retire:
	/* Part of it may have been mapped: its addresses go the way of a freed area's. */
	flush_retire(core, areas_retire(core, area_start(area)), &frames);
	return NULL;
out_free:
	areas_free(core, area);
	return NULL;
}

void tri_vfree(const void *addr)
{
	struct tri_core *core = plat_core();
	struct frame_list frames = {.count = 0};
	struct area *area;

	plat_might_sleep();
	if (!addr)
		return;
	area = areas_retire(core, (uintptr_t)addr);
	if (!area) {
		plat_log("tri_vfree: %lx is not where a live area starts", (unsigned long)addr);
		plat_panic(__FILE__, __LINE__, "tri_vfree: not the start of a live area");
	}
	pagetable_unmap(core, area_start(area), area->pages - 1, &frames);
	flush_retire(core, area, &frames);
}

unsigned long tri_vmalloc_purge(void)
{
	plat_might_sleep();
	return flush_purge(plat_core());
}
