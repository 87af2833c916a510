/* SPDX-License-Identifier: GPL-2.0-only */
/* events.c - merge the per-CPU event counts; the table of what they mean. */
#include "core.h"

const struct tri_event_info tri_event_info[TRI_EVENT_COUNT] = {
#define EVENT(name, unit, kind, better, about) \
	{#name, unit, about, TRI_##kind, TRI_BETTER_##better},
#include "events.def"
};

void tri_events_read(const struct tri_core *core, unsigned long *out)
{
	for (int event = 0; event < TRI_EVENT_COUNT; event++) {
		out[event] = 0;
		for (unsigned int i = 0; i < core->cpus; i++) {
			unsigned long count =
				__atomic_load_n(&core->cpu[i].event[event], __ATOMIC_RELAXED);

			if (tri_event_info[event].kind == TRI_SUM)
				out[event] += count;
			else if (count > out[event])
				out[event] = count;
		}
	}
}

void tri_events_reset(struct tri_core *core)
{
	for (unsigned int i = 0; i < core->cpus; i++)
		memset(core->cpu[i].event, 0, sizeof(core->cpu[i].event));
	core->cpu[0].event[TRI_EVENT_waiting_areas_max] = core->flush.areas;
	core->cpu[0].event[TRI_EVENT_waiting_pages_max] = core->flush.pages;
}
