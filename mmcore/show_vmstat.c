/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * show_vmstat.c - /proc/vmstat: names and numbers, first those that Linux has too, then
 * every event of ours. What we don't do has no line: a 0 would say that it never happened.
 */
#include "core.h"
#include "show.h"

void show_vmstat(struct tri_core *core, struct text *text)
{
	unsigned long count[TRI_EVENT_COUNT];
	struct tri_status status;

	tri_status_read(core, &status);
	tri_events_read(core, count);
	text_add(text, "nr_free_pages %lu\n", status.frames_free);
	text_add(text, "nr_page_table_pages %lu\n", status.tables);
	for (unsigned int i = 0; i < TRI_EVENT_COUNT; i++)
		text_add(text, "trimm_%s %lu\n", tri_event_info[i].name, count[i]);
}
