/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reclaim.c - direct reclaim: what the slow path of the page allocator may ask of others, in
 * the context of the request itself. There is no background reclaim yet: KSWAPD_RECLAIM has
 * no one to wake.
 */
#include "core.h"
#include "shrinker.h"

/* Linux's SWAP_CLUSTER_MAX: the least it asks for. More: fewer rounds, more thrown away. */
#define RECLAIM_LEAST 32UL

void reclaim_init(struct tri_core *core)
{
	plat_mutex_init(&core->reclaim.mutex);
}

void reclaim_exit(struct tri_core *core)
{
	plat_mutex_destroy(&core->reclaim.mutex);
}

void reclaim_drain_all(struct tri_core *core)
{
	cpus_stop(core);
	pcp_drain_all(core);
	cpus_resume(core);
	tri_count_pinning(core, TRI_EVENT_pages_drain_all, 1);
}

unsigned long reclaim_direct(struct tri_core *core, unsigned int order)
{
	unsigned long want = 1UL << order, freed;

	freed = tri_shrink(core, want < RECLAIM_LEAST ? RECLAIM_LEAST : want);
	tri_count_pinning(core, TRI_EVENT_pages_reclaim, freed);
	return freed;
}
