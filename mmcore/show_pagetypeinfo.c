/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * show_pagetypeinfo.c - /proc/pagetypeinfo (mm/vmstat.c): free blocks by migratetype and order,
 * then how many pageblocks each migratetype has.
 */
#include "core.h"
#include "show.h"
#include "show_zones.h"

static void free_blocks(struct tri_core *core, struct zone *zone, struct text *text)
{
	zone_blocks count;

	zone_count(core, zone, count);
	for (int type = 0; type < MIGRATE_TYPES; type++) {
		text_add(text, "Node    0, zone %8s, type %12s ", show_zone_name[zone->number],
			 show_type_name[type]);
		for (unsigned int order = 0; order <= TRI_MAX_ORDER; order++)
			text_add(text, "%6lu ", count[type][order]);
		text_add(text, "\n");
	}
}

static void pageblocks(struct tri_core *core, struct zone *zone, struct text *text)
{
	const struct frame_table *table = &core->frames;
	unsigned long blocks[MIGRATE_TYPES] = {0};

	for (unsigned long index = SECTION_FRAMES; index < table->sections * SECTION_FRAMES;
	     index += PAGEBLOCK_FRAMES) {
		const struct frame *frame = &table->frame[index];

		if (frame_kind(frame) != FRAME_KIND(FRAME_ABSENT, 0) &&
		    zone_of_pfn(core->zones.end, frame->pfn) == zone->number)
			blocks[core->zones.pageblock[index / PAGEBLOCK_FRAMES]]++;
	}
	text_add(text, "Node 0, zone %8s ", show_zone_name[zone->number]);
	for (int type = 0; type < MIGRATE_TYPES; type++)
		text_add(text, "%12lu ", blocks[type]);
	text_add(text, "\n");
}

static void each_zone(struct tri_core *core, struct text *text,
		      void (*show)(struct tri_core *, struct zone *, struct text *))
{
	for (int i = 0; i < ZONES; i++)
		if (core->zones.zone[i].managed)
			show(core, &core->zones.zone[i], text);
}

void show_pagetypeinfo(struct tri_core *core, struct text *text)
{
	text_add(text, "Page block order: %u\nPages per block:  %lu\n\n%-43s", PAGEBLOCK_ORDER,
		 PAGEBLOCK_FRAMES, "Free pages count per migrate type at order ");
	for (unsigned int order = 0; order <= TRI_MAX_ORDER; order++)
		text_add(text, "%6u ", order);
	text_add(text, "\n");
	each_zone(core, text, free_blocks);
	text_add(text, "\n%-23s", "Number of blocks type ");
	for (int type = 0; type < MIGRATE_TYPES; type++)
		text_add(text, "%12s ", show_type_name[type]);
	text_add(text, "\n");
	each_zone(core, text, pageblocks);
}
