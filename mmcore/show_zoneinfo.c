/* SPDX-License-Identifier: GPL-2.0-only */
/* show_zoneinfo.c - /proc/zoneinfo (mm/vmstat.c): what zones there are and how full they are. */
#include "core.h"
#include "show.h"
#include "show_zones.h"

/* All lists of one CPU that hold frames of @zone: Linux has one count for them as well. */
static void pageset(const struct tri_core *core, const struct zone *zone, unsigned int cpu,
		    struct text *text)
{
	const struct pcp *pcp = &core->cpu[cpu].pcp;
	unsigned long count = 0, high = 0;

	for (int type = 0; type < MIGRATE_TYPES; type++) {
		unsigned int place = zone->place | (unsigned int)type << 2;

		count += pcp_count(pcp, place);
		high += __atomic_load_n(&pcp->list[place].high, __ATOMIC_RELAXED);
	}
	text_add(text,
		 "\n    cpu: %u\n              count: %lu\n              high:  %lu\n"
		 "              batch: %lu",
		 cpu, count, high, core->tunable[TRI_TUNABLE_pcp_batch]);
}

static void one_zone(struct tri_core *core, struct zone *zone, struct text *text)
{
	text_add(text, "Node 0, zone %8s\n  pages free     %lu\n        boost    0",
		 show_zone_name[zone->number], zone_free_exact(core, zone));
	text_add(text, "\n        min      %lu\n        low      %lu\n        high     %lu",
		 zone->watermark[WATERMARK_MIN], zone->watermark[WATERMARK_LOW],
		 zone->watermark[WATERMARK_HIGH]);
	text_add(text, "\n        spanned  %lu\n        present  %lu\n        managed  %lu",
		 zone->managed, zone->managed, zone->managed);
	text_add(text, "\n        protection: (%lu, %lu, %lu)", zone->reserve[ZONE_DMA],
		 zone->reserve[ZONE_DMA32], zone->reserve[ZONE_NORMAL]);
	if (zone->managed) {
		text_add(text, "\n      nr_free_pages %lu\n  pagesets",
			 zone_free_exact(core, zone));
		for (unsigned int cpu = 0; cpu < core->cpus; cpu++)
			pageset(core, zone, cpu, text);
	}
	text_add(text, "\n");
}

void show_zoneinfo(struct tri_core *core, struct text *text)
{
	for (int i = 0; i < ZONES; i++)
		one_zone(core, &core->zones.zone[i], text);
}
