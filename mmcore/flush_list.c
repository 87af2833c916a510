/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flush_list.c - areas that wait for a flush: queued, then taken and purged all at once.
 * The policies decide how many lists there are, which one an area goes to, and when.
 *
 * Lock order: a list's purge (sleeps) -> its lock, a leaf.
 */
#include "core.h"

struct flush_waiting flush_list_add(struct tri_core *core, struct flush_list *list,
				    struct area *area)
{
	struct flush *flush = &core->flush;
	unsigned long saved = tri_lock(&list->lock), areas;
	struct flush_waiting waiting;

	area->next = list->queue;
	list->queue = area;
	waiting.here = list->pages += area->pages;
	areas = __atomic_add_fetch(&flush->areas, 1, __ATOMIC_RELAXED);
	waiting.everywhere = __atomic_add_fetch(&flush->pages, area->pages, __ATOMIC_RELAXED);
	tri_count_max(core, TRI_EVENT_waiting_areas_max, areas);
	tri_count_max(core, TRI_EVENT_waiting_pages_max, waiting.everywhere);
	tri_unlock(&list->lock, saved);
	return waiting;
}

unsigned long flush_list_pages(struct flush_list *list)
{
	unsigned long saved = tri_lock(&list->lock);
	unsigned long pages = list->pages;

	tri_unlock(&list->lock, saved);
	return pages;
}

static struct area *take_queue(struct flush_list *list)
{
	unsigned long saved = tri_lock(&list->lock);
	struct area *queue = list->queue;

	list->queue = NULL;
	tri_unlock(&list->lock, saved);
	return queue;
}

/* What lies between the areas, live or not, merely misses once more. */
static void flush_span(struct tri_core *core, struct area *const *queue, unsigned int n)
{
	uintptr_t start = core->window_end, end = core->window_start;

	for (unsigned int i = 0; i < n; i++) {
		for (const struct area *area = queue[i]; area; area = area->next) {
			if (area_flush_start(area) < start)
				start = area_flush_start(area);
			if (area_end(area) > end)
				end = area_end(area);
		}
	}
	if (start < end)
		flush_addresses(core, start, end);
}

/* How many areas; adds their pages to *@purged. */
static unsigned long free_queue(struct tri_core *core, struct flush_list *list, struct area *area,
				unsigned long *purged)
{
	unsigned long areas = 0, pages = 0, saved;

	while (area) {
		struct area *next = area->next;

		areas++;
		pages += area->pages;
		areas_free(core, area);
		area = next;
	}
	saved = tri_lock(&list->lock);
	list->pages -= pages;
	__atomic_sub_fetch(&core->flush.areas, areas, __ATOMIC_RELAXED);
	__atomic_sub_fetch(&core->flush.pages, pages, __ATOMIC_RELAXED);
	tri_unlock(&list->lock, saved);
	*purged += pages;
	return areas;
}

unsigned long flush_lists_purge(struct tri_core *core, struct flush_list *first, unsigned int n)
{
	struct area *queue[TRI_MAX_CPUS];
	unsigned long areas = 0, pages = 0, saved;
	uint64_t began = plat_ticks(), took;

	for (unsigned int i = 0; i < n; i++)
		queue[i] = take_queue(&first[i]);
	areas_decay(core, false);
	flush_span(core, queue, n);
	for (unsigned int i = 0; i < n; i++) {
		if (queue[i])
			areas += free_queue(core, &first[i], queue[i], &pages);
	}
	if (!areas)
		return 0;
	saved = plat_pin();
	tri_count(core, TRI_EVENT_purge, 1);
	tri_count(core, TRI_EVENT_purge_areas, areas);
	took = plat_ticks() - began;
	tri_count_max(core, TRI_EVENT_purge_ticks_max, took);
	trace_purge(pages, areas, took);
	plat_unpin(saved);
	return areas;
}
