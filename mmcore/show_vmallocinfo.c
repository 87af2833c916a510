/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * show_vmallocinfo.c - /proc/vmallocinfo (mm/vmalloc.c): a line for each area, live ones and
 * those that wait for a flush, in order of address. Sizes include the guard page.
 */
#include "core.h"
#include "show.h"

void show_vmallocinfo(struct tri_core *core, struct text *text)
{
	struct area_view view;

	for (uintptr_t at = core->window_start; areas_look(core, at, &view); at = view.end) {
		text_add(text, "0x%016lx-0x%016lx %7lu", (unsigned long)view.start,
			 (unsigned long)view.end, (unsigned long)(view.end - view.start));
		if (view.state == AREA_WAITING)
			text_add(text, " unpurged vm_area\n");
		else
			text_add(text, " pages=%lu vmalloc\n",
				 ((view.end - view.start) >> TRI_PAGE_SHIFT) - 1);
	}
}
