/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmap.c - areas that map frames of their caller: no frame is allocated, freed or listed, and
 * the shadow, which belongs to frames, stays as it is.
 */
#include "core.h"
#include "vmalloc.h"
#include "vmap.h"

void vmap_assert_in_use(const struct tri_core *core, const unsigned long *pfns, unsigned long n)
{
	for (unsigned long i = 0; TRI_CHECK_LEVEL >= 1 && i < n; i++) {
		unsigned int state = frame_kind(frame_find(&core->frames, pfns[i])) & 0xff;

		TRI_ASSERT(state != FRAME_ABSENT && state != FRAME_FREE && state != FRAME_CACHED);
	}
}

void *vmap_area(struct tri_core *core, const unsigned long *pfns, unsigned long n,
		enum tri_area_kind kind)
{
	struct frame_list none = {.count = 0};
	struct area *area;

	plat_might_sleep();
	if (!n || n >= AREA_MAX_PAGES)
		return NULL;
	vmap_assert_in_use(core, pfns, n);
	area = vmalloc_room(core, n, 1);
	if (!area)
		return NULL;
	area_describe(area, kind, n << TRI_PAGE_SHIFT);
	if (pagetable_map_pfns(core, area_start(area), n, pfns)) {
		flush_retire(core, areas_retire(core, area_start(area)), &none);
		return NULL;
	}
	return (void *)area_start(area);
}

void vunmap_area(struct tri_core *core, struct area *area)
{
	struct frame_list none = {.count = 0};

	pagetable_unmap(core, area_start(area), area->pages - 1, NULL);
	flush_retire(core, area, &none);
}

void *tri_vmap(const unsigned long *pfns, unsigned long n)
{
	return vmap_area(plat_core(), pfns, n, TRI_AREA_VMAP);
}

void tri_vunmap(const void *addr)
{
	struct tri_core *core = plat_core();

	plat_might_sleep();
	if (addr)
		vunmap_area(core, vmalloc_retire(core, addr, TRI_AREA_VMAP, "tri_vunmap"));
}
