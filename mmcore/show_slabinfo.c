/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * show_slabinfo.c - /proc/slabinfo, version 2.1 (mm/slab_common.c): a line for each cache.
 * The tunables were SLAB's; they are 0 whatever the policy, as in Linux with SLUB.
 */
#include "core.h"
#include "show.h"

void show_slabinfo(struct tri_core *core, struct text *text)
{
	struct tri_slab_info info;

	text_add(text, "slabinfo - version: 2.1\n"
		       "# name            <active_objs> <num_objs> <objsize> <objperslab> "
		       "<pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata "
		       "<active_slabs> <num_slabs> <sharedavail>\n");
	for (unsigned int number = 1; number <= TRI_MAX_CACHES; number++) {
		if (!tri_slab_info(core, number, &info))
			continue;
		text_add(text, "%-17s %6lu %6lu %6u %4u %4u", info.name, info.objects_active,
			 info.objects_total, info.size, info.objects, 1U << info.order);
		text_add(text, " : tunables %4u %4u %4u : slabdata %6lu %6lu %6lu\n", 0U, 0U, 0U,
			 info.slabs_active, info.slabs_total, 0UL);
	}
}
