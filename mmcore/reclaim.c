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

static void drain_all(struct tri_core *core)
{
	cpus_stop(core);
	pcp_drain_all(core);
	cpus_resume(core);
}

/* The same for who listens: only then is the time asked for. */
static TRI_COLD void traced_drain_all(struct tri_core *core)
{
	uint64_t began = plat_ticks();

	drain_all(core);
	trace_pages_drain_all(plat_ticks() - began);
}

static TRI_COLD unsigned long traced_shrink(struct tri_core *core, unsigned long want)
{
	uint64_t began = plat_ticks();
	unsigned long freed = tri_shrink(core, want);

	trace_pages_reclaim(want, freed, plat_ticks() - began);
	return freed;
}

void reclaim_drain_all(struct tri_core *core)
{
	if (trace_pages_drain_all_on())
		traced_drain_all(core);
	else
		drain_all(core);
	tri_count_pinning(core, TRI_EVENT_pages_drain_all, 1);
}

unsigned long reclaim_direct(struct tri_core *core, unsigned int order)
{
	unsigned long want = 1UL << order, freed;

	if (want < RECLAIM_LEAST)
		want = RECLAIM_LEAST;
	freed = trace_pages_reclaim_on() ? traced_shrink(core, want) : tri_shrink(core, want);
	tri_count_pinning(core, TRI_EVENT_pages_reclaim, freed);
	return freed;
}
