/* SPDX-License-Identifier: GPL-2.0-only */
/* show_buddyinfo.c - /proc/buddyinfo (mm/vmstat.c): zones with frames, free blocks by order. */
#include "core.h"
#include "show.h"
#include "show_zones.h"

void show_buddyinfo(struct tri_core *core, struct text *text)
{
	for (int i = 0; i < ZONES; i++) {
		struct zone *zone = &core->zones.zone[i];
		zone_blocks count;

		if (!zone->managed)
			continue;
		zone_count(core, zone, count);
		text_add(text, "Node 0, zone %8s ", show_zone_name[i]);
		for (unsigned int order = 0; order <= TRI_MAX_ORDER; order++) {
			unsigned long blocks = 0;

			for (int type = 0; type < MIGRATE_TYPES; type++)
				blocks += count[type][order];
			text_add(text, "%6lu ", blocks);
		}
		text_add(text, "\n");
	}
}
