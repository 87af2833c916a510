/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flush_lazy.c - flush=lazy: freed areas wait, and when more than lazy_max_pages do, the
 * freeing CPU purges: one flush over all that wait, then every area is free. Frames do not
 * wait; what is held back is address space. Linux since 2.6.28 (db64fe02258f, "mm: rewrite
 * vmap layer"); with areas=nodes, a list per node, as since 6.9, so that frees of several
 * CPUs seldom meet.
 *
 * Lock order: list[0].purge, for all lists (sleeps) -> leaves, one at a time.
 */
#include "core.h"

void flush_lazy_retire(struct tri_core *core, struct area *area, struct frame_list *frames)
{
	unsigned long max = core->tunable[TRI_TUNABLE_lazy_max_pages];
	struct flush *flush = &core->flush;
	unsigned long pages;

	pcp_free_list(core, frames);
	pages = flush_list_add(core, &flush->list[area->home], area).everywhere;
	if (pages <= max)
		return;
	/*
	 * Another CPU may be purging already: then go on. At twice the threshold frees come
	 * faster than that purge gets done: then wait, or waiting space would not be bounded.
	 */
	if (pages > 2 * max)
		plat_mutex_lock(&flush->list[0].purge);
	else if (!plat_mutex_trylock(&flush->list[0].purge))
		return;
	if (__atomic_load_n(&flush->pages, __ATOMIC_RELAXED) > max)
		flush_lists_purge(core, flush->list, flush->lists);
	plat_mutex_unlock(&flush->list[0].purge);
}

unsigned long flush_lazy_purge(struct tri_core *core)
{
	struct flush *flush = &core->flush;
	unsigned long areas;

	plat_mutex_lock(&flush->list[0].purge);
	areas = flush_lists_purge(core, flush->list, flush->lists);
	plat_mutex_unlock(&flush->list[0].purge);
	return areas;
}
