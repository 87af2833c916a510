/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vrealloc_inplace.c - vrealloc=inplace: an area grows where it is if the addresses behind it
 * are free, and gives up what it does not need: frames now, addresses by the flush policy. So
 * a buffer that grows page by page is never copied, and one that shrank costs what it holds.
 */
#include "core.h"
#include "vmalloc.h"
#include "vrealloc.h"

/* Leave @area with @pages of its own. Its addresses may stay, if there is no object to part them.
 */
static void shrink(struct tri_core *core, struct area *area, unsigned long pages)
{
	unsigned long old = area->pages - 1;
	uintptr_t from = area_start(area) + (pages << TRI_PAGE_SHIFT);
	struct frame_list frames = {.count = 0};
	struct area *tail;

	if (pagetable_is_huge(core, from))
		from = (from + HUGE_BYTES - 1) & ~(HUGE_BYTES - 1); /* 2 MiB stay whole */
	pages = (from - area_start(area)) >> TRI_PAGE_SHIFT;
	if (pages == old)
		return;
	tail = areas_shrink(core, area, pages + 1);
	if (!tail)
		return;
	shadow_set(core, (void *)from, (old - pages) << TRI_PAGE_SHIFT, SHADOW_NEVER);
	pagetable_unmap(core, from, old - pages, &frames);
	flush_retire(core, tail, &frames);
}

/* After a failed growth, back to @pages. */
static void give_up(struct tri_core *core, struct area *area, unsigned long pages,
		    struct frame_list *frames)
{
	struct frame_list none = {.count = 0};
	struct area *tail;
	unsigned long spins = 0;

	/* At least one frame is free now; if another CPU takes it, what it frees will do. */
	pcp_free_list(core, frames);
	while (!(tail = areas_shrink(core, area, pages + 1))) {
		flush_purge(core);
		plat_relax(spins++);
	}
	flush_retire(core, tail, &none);
}

static int grow(struct tri_core *core, struct area *area, unsigned long pages)
{
	unsigned long old = area->pages - 1;
	uintptr_t from = area_end(area) - TRI_PAGE_SIZE;
	struct frame_list frames = {.count = 0};

	/* Frames first: to take them back is easier than to take back addresses. */
	if (pcp_alloc_list(core, &frames, pages - old))
		return -ENOMEM;
	if (areas_grow(core, area, pages + 1)) {
		pcp_free_list(core, &frames);
		return -ENOMEM;
	}
	if (pagetable_map(core, from, pages - old, &frames)) {
		give_up(core, area, old, &frames);
		return -ENOMEM;
	}
	tri_count_pinning(core, TRI_EVENT_vrealloc_grown, 1);
	trace_vrealloc_grow(area_start(area), old, pages);
	return 0;
}

int vrealloc_inplace(struct tri_core *core, struct area *area, unsigned long size)
{
	unsigned long pages = vmalloc_pages(size), old = area->pages - 1;

	if (pages > old)
		return grow(core, area, pages);
	if (pages < old)
		shrink(core, area, pages);
	return 0;
}
