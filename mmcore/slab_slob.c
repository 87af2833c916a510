/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_slob.c - slab=slob: first fit in shared pages. See slab_slob.h.
 *
 * The least memory, at the price of one lock and a search; after a hit the search starts at
 * that page again (Knuth, vol. 1, 2.5: else small pieces gather at the front). A page whose
 * last object is freed goes back at once.
 */
#include "slab_slob.h"

#include "core.h"
#include "slab_debug.h"

static unsigned int units_of(unsigned long bytes)
{
	return (bytes + SLOB_UNIT - 1) / SLOB_UNIT;
}

static enum slob_class class_of(unsigned long bytes)
{
	if (bytes < SLOB_BREAK_SMALL)
		return SLOB_SMALL;
	return bytes < SLOB_BREAK_MEDIUM ? SLOB_MEDIUM : SLOB_LARGE;
}

/* --- Free pieces of a page --- */

/* Negative: one unit, which has no room for a size. The last piece's next is the page's end. */
static void set_piece(int16_t *page, unsigned int at, unsigned int units, unsigned int next)
{
	if (units > 1) {
		page[at] = (int16_t)units;
		page[at + 1] = (int16_t)next;
	} else {
		page[at] = (int16_t)-next;
	}
}

/* Let @at lead to @next; 0: the page's first piece. */
static void link_piece(struct slob_words *words, int16_t *page, const unsigned int *at,
		       unsigned int next)
{
	unsigned int old;

	if (at)
		set_piece(page, *at, slob_piece(page, *at, &old), next);
	else
		words->first = (uint16_t)next;
}

struct slob_request {
	unsigned int units;
	unsigned int align;  /* in bytes, of the byte at @offset */
	unsigned int offset; /* in bytes */
};

/* Units to skip at @at until the request is aligned. */
static unsigned int skip_units(const int16_t *page, unsigned int at,
			       const struct slob_request *request)
{
	uintptr_t aligned = (uintptr_t)&page[at] + request->offset;

	return (-aligned & (request->align - 1UL)) / SLOB_UNIT;
}

/* The first piece of @frame's page that will do, cut to size; or NULL. Locked. */
static void *page_take(struct frame *frame, const struct slob_request *request)
{
	struct slob_words *words = slob_words(frame);
	int16_t *page = plat_pfn_to_ptr(frame->pfn);
	unsigned int at, next, previous = 0;
	bool first = true;

	for (at = words->first; at < SLOB_PAGE_UNITS; previous = at, at = next, first = false) {
		unsigned int units = slob_piece(page, at, &next);
		unsigned int skip = skip_units(page, at, request);

		if (units < request->units + skip)
			continue;
		/* What is skipped stays a piece, what is behind becomes one. */
		if (units > request->units + skip) {
			unsigned int rest = at + skip + request->units;

			set_piece(page, rest, units - skip - request->units, next);
			next = rest;
		}
		if (skip)
			set_piece(page, at, skip, next);
		else
			link_piece(words, page, first ? NULL : &previous, next);
		words->units -= request->units;
		return &page[at + skip];
	}
	return NULL;
}

/* [at, at + units) is free again; joins its neighbours. Locked. */
static void page_put(struct frame *frame, unsigned int at, unsigned int units)
{
	struct slob_words *words = slob_words(frame);
	int16_t *page = plat_pfn_to_ptr(frame->pfn);
	unsigned int next = words->first, previous = 0, previous_units = 0, after;

	words->units += units;
	while (next < at) {
		previous = next;
		previous_units = slob_piece(page, previous, &next);
	}
	/* At no cost: what is freed must lie between two pieces. */
	if (TRI_UNLIKELY(previous + previous_units > at || at + units > next))
		plat_panic(__FILE__, __LINE__, "slob: freed what is free already");
	if (at + units == next && next < SLOB_PAGE_UNITS) {
		units += slob_piece(page, next, &after);
		next = after;
	}
	if (previous_units && previous + previous_units == at) {
		set_piece(page, previous, previous_units + units, next);
		return;
	}
	set_piece(page, at, units, next);
	link_piece(words, page, previous_units ? &previous : NULL, at);
}

/* --- Lists of pages --- */

/* Next fit: the list begins at @index from now on, what was before it comes last. */
static void rotate_to(struct frame_table *table, struct frame_list *list, uint32_t index)
{
	struct frame *frame = &table->frame[index];

	if (list->head == index)
		return;
	table->frame[list->tail].next = list->head;
	table->frame[list->head].prev = list->tail;
	list->tail = frame->prev;
	list->head = index;
}

/* Locked. */
static void *lists_take(struct tri_core *core, struct frame_list *list,
			const struct slob_request *request)
{
	struct frame_table *table = &core->frames;
	uint32_t index = list->head;

	for (unsigned long n = list->count; n; n--) {
		struct frame *frame = &table->frame[index];
		uint32_t next = frame->next;
		void *block = NULL;

		if (slob_words(frame)->units >= request->units)
			block = page_take(frame, request);
		if (block && slob_words(frame)->units)
			rotate_to(table, list, index);
		else if (block)
			frame_list_remove(table, list, frame);
		if (block)
			return block;
		index = next;
	}
	return NULL;
}

static void *slob_alloc(struct tri_core *core, unsigned long bytes, unsigned int align,
			unsigned int offset, tri_gfp_t gfp, unsigned long *active)
{
	const struct slob_request request = {units_of(bytes), align, offset};
	enum slob_zone zone = gfp & TRI_GFP_DMA ? SLOB_DMA : SLOB_ANY;
	enum slob_class class = class_of(bytes);
	struct slob *slob = &core->slob;
	struct frame_list *list = &slob->pages[zone][class];
	unsigned long saved = tri_lock(&slob->lock);
	void *block = lists_take(core, list, &request);
	struct frame *frame;

	if (!block) {
		tri_unlock(&slob->lock, saved);
		gfp &= ~(TRI_GFP_ZERO | TRI_GFP_MOVABLE | TRI_GFP_DMA32);
		frame = pages_alloc(core, gfp, 0, FRAME_SLAB);
		if (!frame)
			return NULL;
		slab_number_frames(core, frame, 0, SLAB_SHARED);
		set_piece(plat_pfn_to_ptr(frame->pfn), 0, SLOB_PAGE_UNITS, SLOB_PAGE_UNITS);
		*slob_words(frame) =
			(struct slob_words){.units = SLOB_PAGE_UNITS, .class = class, .zone = zone};
		saved = tri_lock(&slob->lock);
		block = page_take(frame, &request);
		if (slob_words(frame)->units)
			frame_list_push_head(&core->frames, list, frame);
		tri_count(core, TRI_EVENT_slab_new, 1);
		trace_slab_new(bytes, 0, 1);
	}
	++*active;
	tri_unlock(&slob->lock, saved);
	return block;
}

static void slob_free(struct tri_core *core, void *block, unsigned long bytes,
		      unsigned long *active)
{
	struct frame *frame = frame_find(&core->frames, plat_ptr_to_pfn(block));
	unsigned int at = (uintptr_t)block % TRI_PAGE_SIZE / SLOB_UNIT, units = units_of(bytes);
	struct slob_words *words = slob_words(frame);
	struct slob *slob = &core->slob;
	unsigned long saved = tri_lock(&slob->lock);
	struct frame_list *lists = slob->pages[words->zone];
	bool empty = words->units + units == SLOB_PAGE_UNITS;

	if (empty) {
		/* One block that filled its page was on no list. */
		if (words->units)
			frame_list_remove(&core->frames, &lists[words->class], frame);
	} else if (words->units) {
		page_put(frame, at, units);
	} else {
		/* Full until now: its class is that of the first hole (mm/slob.c does so). */
		words->units = (uint16_t)units;
		words->first = (uint16_t)at;
		words->class = class_of(bytes);
		set_piece(plat_pfn_to_ptr(frame->pfn), at, units, SLOB_PAGE_UNITS);
		frame_list_push_head(&core->frames, &lists[words->class], frame);
	}
	--*active;
	tri_unlock(&slob->lock, saved);
	if (empty) {
		slab_number_frames(core, frame, 0, 0);
		pages_free(core, frame, 0);
	}
}

/* --- Caches --- */

/* A cache's own part: objects in use, under slob.lock. */
struct slob_cache {
	unsigned long active;
};

static struct slob_cache *slob_cache(const struct kmem_cache *cache)
{
	return slab_private((struct kmem_cache *)cache);
}

void slob_init(struct slob *slob)
{
	plat_spin_init(&slob->lock);
}

size_t slab_slob_private_bytes(const struct tri_core *core)
{
	(void)core;
	return sizeof(struct slob_cache);
}

/* Objects of a page and more have pages of their own. */
static bool in_pages(const struct kmem_cache *cache)
{
	return cache->size >= TRI_PAGE_SIZE;
}

int slab_slob_setup(struct kmem_cache *cache)
{
	unsigned long size = slab_debug_left(cache) + cache->object_size + slab_debug_bytes(cache);

	cache->size = units_of(size) * SLOB_UNIT;
	cache->objects = 1;
	while (in_pages(cache) && TRI_PAGE_SIZE << cache->order < size)
		cache->order++;
	return 0;
}

void *slab_slob_alloc(struct kmem_cache *cache, tri_gfp_t gfp, uintptr_t caller)
{
	struct slob_cache *mine = slob_cache(cache);
	unsigned int left = slab_debug_left(cache);
	struct tri_core *core = cache->core;
	struct frame *frame;
	char *block;

	if (in_pages(cache)) {
		frame = slab_frames_get(cache, gfp, cache->order);
		if (!frame)
			return NULL;
		block = plat_pfn_to_ptr(frame->pfn);
		__atomic_add_fetch(&mine->active, 1, __ATOMIC_RELAXED);
	} else {
		if (cache->flags & TRI_SLAB_CACHE_DMA)
			gfp |= TRI_GFP_DMA;
		block = slob_alloc(core, cache->size, cache->align, left, gfp, &mine->active);
		if (!block)
			return NULL;
	}
	/* Free memory keeps nothing of an object, so it is made anew each time. */
	if (slab_debugged(cache)) {
		slab_debug_fresh(cache, block + left);
		slab_debug_alloc(cache, block + left, caller);
	}
	if (cache->ctor)
		cache->ctor(block + left);
	return block + left;
}

void slab_slob_free(struct kmem_cache *cache, struct frame *frame, void *object, uintptr_t caller)
{
	struct slob_cache *mine = slob_cache(cache);
	char *block = (char *)object - slab_debug_left(cache);

	if (slab_debugged(cache))
		slab_debug_free(cache, in_pages(cache) ? frame : NULL, object, caller);
	if (in_pages(cache)) {
		/* The left zone may be whole pages. */
		slab_frames_put(cache, frame - slab_debug_left(cache) / TRI_PAGE_SIZE);
		__atomic_sub_fetch(&mine->active, 1, __ATOMIC_RELAXED);
	} else {
		slob_free(cache->core, block, cache->size, &mine->active);
	}
}

void slab_slob_free_bulk(struct kmem_cache *cache, unsigned long n, void **objects,
			 uintptr_t caller)
{
	for (unsigned long i = 0; i < n; i++) {
		unsigned long pfn = plat_ptr_to_pfn(objects[i]);

		slab_slob_free(cache, frame_find(&cache->core->frames, pfn), objects[i], caller);
	}
}

unsigned long slab_slob_alloc_bulk(struct kmem_cache *cache, tri_gfp_t gfp, unsigned long n,
				   void **objects, uintptr_t caller)
{
	for (unsigned long i = 0; i < n; i++) {
		objects[i] = slab_slob_alloc(cache, gfp, caller);
		if (objects[i])
			continue;
		slab_slob_free_bulk(cache, i, objects, caller);
		return 0;
	}
	return n;
}

/* Nothing: an empty page was given back when it became so. */
unsigned long slab_slob_empty(struct kmem_cache *cache)
{
	(void)cache;
	return 0;
}

static void report_pages(struct kmem_cache *cache, struct frame *frame, void *data)
{
	(void)data;
	slab_report_leak(cache, (char *)plat_pfn_to_ptr(frame->pfn) + slab_debug_left(cache));
}

/* A shared page does not know whose its objects are: of those only the number is known. */
unsigned long slab_slob_teardown(struct kmem_cache *cache)
{
	unsigned long leaks = slob_cache(cache)->active;

	if (in_pages(cache))
		slab_for_each(cache, report_pages, NULL);
	else if (leaks)
		plat_log("kmem_cache_destroy: %s: %lu objects are still in use in shared pages",
			 cache->name, leaks);
	return leaks;
}

void slab_slob_stat(struct kmem_cache *cache, struct slab_stat *out)
{
	unsigned long active = __atomic_load_n(&slob_cache(cache)->active, __ATOMIC_RELAXED);

	*out = (struct slab_stat){.objects_active = active, .objects_total = active};
	if (in_pages(cache)) {
		out->slabs_active = out->slabs_total = active;
		out->frames = active << cache->order;
	}
}

/* --- kmalloc --- */

static uint32_t *header_of(const void *object)
{
	return (uint32_t *)((uintptr_t)object - SLOB_KMALLOC_HEADER);
}

static __attribute__((__noinline__)) void *cleared(struct tri_core *core, void *object)
{
	init_clear(core, object, slab_slob_ksize(object));
	return object;
}

void *slab_slob_kmalloc(struct tri_core *core, unsigned long size, tri_gfp_t gfp)
{
	unsigned long align = SLOB_KMALLOC_HEADER;
	char *block;

	/* Powers of two are aligned to themselves (Linux 5.4). */
	if (!(size & (size - 1)) && size > align)
		align = size;
	block = slob_alloc(core, size + SLOB_KMALLOC_HEADER, align, SLOB_KMALLOC_HEADER, gfp,
			   &core->slob.kmalloc_active);
	if (!block)
		return NULL;
	*header_of(block + SLOB_KMALLOC_HEADER) = (uint32_t)size;
	/* All that ksize() grants, or the byte behind an odd size shows when krealloc() moves it.
	 */
	if (gfp & TRI_GFP_ZERO)
		memset(block + SLOB_KMALLOC_HEADER, 0, units_of(size) * SLOB_UNIT);
	else if (TRI_UNLIKELY(core->zones.detour & DETOUR_INIT_ALLOC))
		return cleared(core, block + SLOB_KMALLOC_HEADER);
	return block + SLOB_KMALLOC_HEADER;
}

static void kmalloc_put(struct tri_core *core, const void *object)
{
	uint32_t *header = header_of(object);

	slob_free(core, header, *header + SLOB_KMALLOC_HEADER, &core->slob.kmalloc_active);
}

static __attribute__((__noinline__)) void clear_and_put(struct tri_core *core, void *object)
{
	kmalloc_put(core, cleared(core, object));
}

void slab_slob_kfree(struct tri_core *core, void *object)
{
	if (TRI_UNLIKELY(core->zones.detour & DETOUR_INIT_FREE))
		clear_and_put(core, object);
	else
		kmalloc_put(core, object);
}

unsigned long slab_slob_ksize(const void *object)
{
	return units_of(*header_of(object)) * SLOB_UNIT;
}
