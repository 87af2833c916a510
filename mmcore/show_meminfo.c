/* SPDX-License-Identifier: GPL-2.0-only */
/* show_meminfo.c - /proc/meminfo: the fields we have a figure for, in Linux's order. */
#include "core.h"
#include "show.h"

static void line(struct text *text, const char *name, unsigned long frames)
{
	text_add(text, "%-16s%8lu kB\n", name, frames << (TRI_PAGE_SHIFT - 10));
}

void show_meminfo(struct tri_core *core, struct text *text)
{
	struct tri_status status;

	tri_status_read(core, &status);
	line(text, "MemTotal:", status.frames);
	line(text, "MemFree:", status.frames_free);
	line(text, "MemAvailable:", status.frames_free);
	line(text, "PageTables:", status.tables);
	line(text, "VmallocTotal:", (core->window_end - core->window_start) >> TRI_PAGE_SHIFT);
}
