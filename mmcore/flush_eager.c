/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flush_eager.c - flush=eager: each free flushes its own range. Nothing ever waits, and a
 * use after free cannot reach a reused frame; the price is an interrupt of every other CPU
 * per free. Linux before 2.6.28. No lock: flushes of several CPUs may overlap.
 */
#include "core.h"

void flush_eager_retire(struct tri_core *core, struct area *area, struct frame_list *frames)
{
	/* Nothing was ever mapped at the guard page. */
	flush_addresses(core, area_flush_start(area), area_end(area) - TRI_PAGE_SIZE);
	pcp_free_list(core, frames);
	areas_free(core, area);
}

unsigned long flush_eager_purge(struct tri_core *core)
{
	(void)core;
	return 0;
}
