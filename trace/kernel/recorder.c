/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recorder.c - see recorder.h.
 *
 * Pages are named by their struct page, which is enough of an address: the first of a block of
 * order n lies at a multiple of 2^n of them. Linux may take a block apart (split_page(), huge
 * pages) and free its parts; a trace knows blocks only, so a block is freed with its last part.
 */
#include "recorder.h"

#include <errno.h>
#include <string.h>

static void keep_error(struct recorder *recorder, int err)
{
	if (err < 0 && !recorder->err)
		recorder->err = err;
}

/* The trace's number for a cache, or -1. */
static int cache_number(struct recorder *recorder, const struct kmem_event *event)
{
	struct table_item *known = table_find(&recorder->caches, event->cache);
	struct kmem_cache_about about;
	int number;

	if (known)
		return (int)known->value - 1;
	known = table_add(&recorder->caches, event->cache);
	if (!known) {
		keep_error(recorder, -ENOMEM);
		return -1;
	}
	if (!probes_cache(recorder->probes, event->cache, &about))
		return -1;
	number = atrace_writer_cache(recorder->writer, about.name, about.size);
	if (number >= 0)
		known->value = (uint64_t)number + 1;
	else if (number != -ENOSPC && number != -EINVAL)
		keep_error(recorder, number);
	return number >= 0 ? number : -1;
}

static uint64_t page_address(const struct recorder *recorder, const struct kmem_event *event)
{
	return event->address / probes_page_struct(recorder->probes);
}

static void pages(struct recorder *recorder, const struct atrace_who *who,
		  const struct kmem_event *event)
{
	uint64_t page = page_address(recorder, event);
	struct table_item *split = table_find(&recorder->split, page);

	/* Its rest came back unseen: the writer counts that. */
	if (split)
		table_remove(&recorder->split, split);
	keep_error(recorder, atrace_writer_alloc(recorder->writer, who,
						 event->kind & KMEM_ZEROED ? ATRACE_PAGES_ZEROED
									   : ATRACE_PAGES,
						 page, event->order));
}

/* The block that was allocated at once and has this page in it; false: none is known. */
static bool find_block(const struct recorder *recorder, uint64_t page, uint64_t *block,
		       uint64_t *order)
{
	enum atrace_kind kind;

	for (unsigned int bits = 0; bits <= ATRACE_ORDER_MAX; bits++) {
		*block = page & ~((1ULL << bits) - 1);
		if (atrace_writer_find(recorder->writer, 0, ATRACE_FRAMES, *block, &kind, order) &&
		    *block + (1ULL << *order) > page)
			return true;
	}
	return false;
}

/* Are these the last of the block's pages? */
static bool take_part(struct recorder *recorder, uint64_t block, uint64_t order, uint64_t part)
{
	struct table_item *split = table_find(&recorder->split, block);

	recorder->parts++;
	if (!split) {
		split = table_add(&recorder->split, block);
		if (!split) {
			keep_error(recorder, -ENOMEM);
			return true;
		}
		split->value = 1ULL << order;
	}
	split->value -= part < split->value ? part : split->value;
	if (split->value)
		return false;
	table_remove(&recorder->split, split);
	return true;
}

static void pages_free(struct recorder *recorder, const struct atrace_who *who,
		       const struct kmem_event *event)
{
	uint64_t page = page_address(recorder, event), block = page, order;

	if (find_block(recorder, page, &block, &order) && event->order < order &&
	    !take_part(recorder, block, order, 1ULL << event->order))
		return;
	keep_error(recorder, atrace_writer_free(recorder->writer, who, ATRACE_FRAMES, block));
}

static void object(struct recorder *recorder, const struct atrace_who *who,
		   const struct kmem_event *event)
{
	const bool zeroed = event->kind & KMEM_ZEROED;
	int cache;

	if ((event->kind & ~KMEM_ZEROED) == KMEM_KMALLOC) {
		keep_error(recorder, atrace_writer_alloc(recorder->writer, who,
							 zeroed ? ATRACE_KZALLOC : ATRACE_KMALLOC,
							 event->address, event->size));
		return;
	}
	cache = cache_number(recorder, event);
	if (cache < 0) {
		recorder->foreign++;
		return;
	}
	keep_error(recorder, atrace_writer_alloc(recorder->writer, who,
						 zeroed ? ATRACE_CACHE_ZEROED : ATRACE_CACHE,
						 event->address, (uint64_t)cache));
}

void recorder_event(void *arg, const struct kmem_event *event)
{
	struct recorder *recorder = arg;
	struct atrace_who who = {.lane = event->cpu % ATRACE_LANES_MAX};
	const unsigned int kind = event->kind & ~KMEM_ZEROED;

	if (recorder->err || kind >= KMEM_KINDS)
		return;
	recorder->seen[kind]++;
	who.time = event->ns > recorder->start_ns ? event->ns - recorder->start_ns : 0;
	switch (kind) {
	case KMEM_PAGES:
		pages(recorder, &who, event);
		break;
	case KMEM_PAGES_FREE:
		pages_free(recorder, &who, event);
		break;
	case KMEM_FREE:
		keep_error(recorder, atrace_writer_free(recorder->writer, &who, ATRACE_OBJECTS,
							event->address));
		break;
	default:
		object(recorder, &who, event);
	}
}

size_t recorder_caches(const struct recorder *recorder)
{
	return recorder->caches.count;
}

void recorder_free(struct recorder *recorder)
{
	table_free(&recorder->caches);
	table_free(&recorder->split);
}
