/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flush_lazy.c - flush=lazy: freed areas wait, and when more than lazy_max_pages do, the
 * freeing CPU purges: one flush over all that wait, then every area is free. Frames do not
 * wait; what is held back is address space. Linux since 2.6.28 (db64fe02258f, "mm: rewrite
 * vmap layer").
 *
 * Lock order: flush.purge (sleeps) -> flush.lock, areas.lock (leaves, one at a time).
 */
#include "core.h"

/* Pages now waiting. The area may be purged, and gone, as soon as the lock is dropped. */
static unsigned long queue_area(struct tri_core *core, struct area *area)
{
	struct flush *flush = &core->flush;
	unsigned long saved = tri_lock(&flush->lock);
	unsigned long pages;

	area->next = flush->queue;
	flush->queue = area;
	flush->areas++;
	flush->pages += area->pages;
	pages = flush->pages;
	tri_count_max(core, TRI_EVENT_waiting_areas_max, flush->areas);
	tri_count_max(core, TRI_EVENT_waiting_pages_max, pages);
	tri_unlock(&flush->lock, saved);
	return pages;
}

static struct area *take_queue(struct flush *flush)
{
	unsigned long saved = tri_lock(&flush->lock);
	struct area *queue = flush->queue;

	flush->queue = NULL;
	tri_unlock(&flush->lock, saved);
	return queue;
}

static unsigned long waiting_pages(struct flush *flush)
{
	unsigned long saved = tri_lock(&flush->lock);
	unsigned long pages = flush->pages;

	tri_unlock(&flush->lock, saved);
	return pages;
}

/* One flush spans all of @queue; what lies between, live or not, merely misses once more. */
static void flush_queue(struct tri_core *core, const struct area *queue)
{
	uintptr_t start = area_flush_start(queue), end = area_end(queue);

	for (; queue; queue = queue->next) {
		if (area_flush_start(queue) < start)
			start = area_flush_start(queue);
		if (area_end(queue) > end)
			end = area_end(queue);
	}
	flush_addresses(core, start, end);
}

/* How many areas became free. Under flush.purge. */
static unsigned long purge(struct tri_core *core)
{
	struct flush *flush = &core->flush;
	uint64_t began = plat_ticks();
	struct area *area = take_queue(flush), *next;
	unsigned long areas = 0, pages = 0, saved;

	if (!area)
		return 0;
	flush_queue(core, area);
	for (; area; area = next) {
		next = area->next;
		areas++;
		pages += area->pages;
		areas_free(core, area);
	}

	saved = tri_lock(&flush->lock);
	flush->areas -= areas;
	flush->pages -= pages;
	tri_count(core, TRI_EVENT_purge, 1);
	tri_count(core, TRI_EVENT_purge_areas, areas);
	tri_count_max(core, TRI_EVENT_purge_ticks_max, plat_ticks() - began);
	tri_unlock(&flush->lock, saved);
	return areas;
}

void flush_lazy_retire(struct tri_core *core, struct area *area, struct frame_list *frames)
{
	unsigned long max = core->tunable[TRI_TUNABLE_lazy_max_pages];
	struct flush *flush = &core->flush;
	unsigned long pages;

	pcp_free_list(core, frames);
	pages = queue_area(core, area);
	if (pages <= max)
		return;
	/*
	 * Another CPU may be purging already: then go on. At twice the threshold frees come
	 * faster than that purge gets done: then wait, or waiting space would not be bounded.
	 */
	if (pages > 2 * max)
		plat_mutex_lock(&flush->purge);
	else if (!plat_mutex_trylock(&flush->purge))
		return;
	if (waiting_pages(flush) > max)
		purge(core);
	plat_mutex_unlock(&flush->purge);
}

unsigned long flush_lazy_purge(struct tri_core *core)
{
	unsigned long areas;

	plat_mutex_lock(&core->flush.purge);
	areas = purge(core);
	plat_mutex_unlock(&core->flush.purge);
	return areas;
}
