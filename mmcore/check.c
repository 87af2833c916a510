/* SPDX-License-Identifier: GPL-2.0-only */
/* check.c - tri_check(): every structure, every invariant; and the counters' own. */
#include "check.h"

static void check_events(struct check *check)
{
	static const struct {
		enum tri_event more, less;
	} at_least[] = {
		{TRI_EVENT_area_steps, TRI_EVENT_area_alloc},
		{TRI_EVENT_flush_pages, TRI_EVENT_flush_range},
		{TRI_EVENT_purge_areas, TRI_EVENT_purge},
		{TRI_EVENT_table_write, TRI_EVENT_huge_map},
		{TRI_EVENT_waiting_pages_max, TRI_EVENT_waiting_areas_max},
	};
	struct flush *flush = &check->core->flush;
	unsigned long count[TRI_EVENT_COUNT];

	tri_events_read(check->core, count);
	for (unsigned int i = 0; i < sizeof(at_least) / sizeof(at_least[0]); i++) {
		if (count[at_least[i].more] < count[at_least[i].less])
			CHECK_FAULT(check, "event %s is %lu, below %s, %lu",
				    tri_event_info[at_least[i].more].name, count[at_least[i].more],
				    tri_event_info[at_least[i].less].name, count[at_least[i].less]);
	}
	if (count[TRI_EVENT_waiting_pages_max] < flush->pages ||
	    count[TRI_EVENT_waiting_areas_max] < flush->areas)
		CHECK_FAULT(check, "%lu pages in %lu areas wait, above the recorded maximum",
			    flush->pages, flush->areas);
}

unsigned long tri_check(struct tri_core *core)
{
	struct check check = {.core = core};

	check_frame_lists(&check);
	check_tables(&check);
	if (check_areas(&check))
		check_ram(&check);
	check_slab(&check);
	check_frames_end(&check);
	check_events(&check);
	return check.faults;
}
