/* SPDX-License-Identifier: GPL-2.0-only */
/* core_calls.c - see core_calls.h: mmcore's own calls, and three that need a word more. */
#include "core_calls.h"

#define ANY (TRI_GFP_KERNEL | TRI_GFP_MEMALLOC | TRI_GFP_NOWARN)

static void *block_get(unsigned int order)
{
	return tri_get_free_pages(ANY, order);
}

static bool is_area(const void *memory)
{
	return tri_vmalloc_to_pfn(memory) != TRI_PFN_NONE;
}

const struct core_calls core_calls_mmcore = {
	.check_level = TRI_CHECK_LEVEL,
	.size = tri_core_size,
	.init = tri_core_init,
	.exit = tri_core_exit,
	.check = tri_check,
	.events_read = tri_events_read,
	.events_reset = tri_events_reset,
	.status_read = tri_status_read,
	.tunable_get = tri_tunable_get,
	.show = tri_show,
	.free_blocks_read = tri_free_blocks_read,
	.page_level = tri_page_level,
	.block_get = block_get,
	.block_put = tri_free_pages_ptr,
	.is_area = is_area,
};
