/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * show_vmallocinfo.c - /proc/vmallocinfo (mm/vmalloc.c): a line for each area, live ones and
 * those that wait for a flush, in order of address. Sizes include the guard page.
 */
#include "core.h"
#include "show.h"

static void add_use(struct text *text, const struct area_view *view)
{
	unsigned long pages = ((view->end - view->start) >> TRI_PAGE_SHIFT) - 1;

	switch ((enum tri_area_kind)view->kind) {
	case TRI_AREA_VMALLOC:
		text_add(text, " pages=%lu vmalloc\n", pages);
		break;
	case TRI_AREA_VMAP:
		text_add(text, " pages=%lu vmap\n", pages);
		break;
	case TRI_AREA_RAM:
	case TRI_AREA_BLOCK:
		text_add(text, " vm_map_ram\n");
		break;
	}
}

void show_vmallocinfo(struct tri_core *core, struct text *text)
{
	struct area_view view;

	for (uintptr_t at = core->window_start; areas_look(core, at, &view); at = view.end) {
		text_add(text, "0x%016lx-0x%016lx %7lu", (unsigned long)view.start,
			 (unsigned long)view.end, (unsigned long)(view.end - view.start));
		if (view.state == AREA_WAITING)
			text_add(text, " unpurged vm_area\n");
		else
			add_use(text, &view);
	}
}
