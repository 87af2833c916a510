/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flush_lazy_percpu.c - flush=lazy-percpu: as flush=lazy, but each CPU has a list, a share of
 * lazy_max_pages (an equal one) and purges for itself: no CPU meets another's lock, and a
 * pause is a share as long. Price: as many flushes as there are CPUs that free, where lazy
 * needs one. No Linux does it; Linux shards the lists (6.9), not the threshold.
 *
 * Lock order: purge mutexes of the lists, ascending (they sleep) -> leaves, one at a time.
 */
#include "core.h"

void flush_lazy_percpu_retire(struct tri_core *core, struct area *area, struct frame_list *frames)
{
	unsigned long share = core->tunable[TRI_TUNABLE_lazy_max_pages] / core->cpus;
	unsigned long saved = plat_pin();
	struct flush_list *list = &core->flush.list[plat_cpu()];
	unsigned long pages;

	/* Which list it is may be out of date from here on: only a matter of fairness. */
	plat_unpin(saved);
	pcp_free_list(core, frames);
	pages = flush_list_add(core, list, area).here;
	if (pages <= share)
		return;
	/* As in flush_lazy.c; a purge of everything may have this list. */
	if (pages > 2 * share)
		plat_mutex_lock(&list->purge);
	else if (!plat_mutex_trylock(&list->purge))
		return;
	if (flush_list_pages(list) > share)
		flush_lists_purge(core, list, 1);
	plat_mutex_unlock(&list->purge);
}

unsigned long flush_lazy_percpu_purge(struct tri_core *core)
{
	struct flush *flush = &core->flush;
	unsigned long areas;

	for (unsigned int i = 0; i < flush->lists; i++)
		plat_mutex_lock(&flush->list[i].purge);
	areas = flush_lists_purge(core, flush->list, flush->lists);
	for (unsigned int i = 0; i < flush->lists; i++)
		plat_mutex_unlock(&flush->list[i].purge);
	return areas;
}
