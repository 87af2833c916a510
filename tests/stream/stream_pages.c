/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream_pages.c - blocks of page frames, by every call there is: none twice, none lost, where
 * and how they were asked for, all counted.
 */
#include "tests/stream/stream.h"

#include "zone.h"

#define BLOCKS 700
#define BULK   70
#define EXACT  (1U << 8) /* tag of tri_alloc_pages_exact(); else it is the order */

static struct objects blocks;
static unsigned long frames_at_start, frames_held;

static unsigned long frames_free(struct tri_core *core)
{
	struct tri_status status;

	tri_status_read(core, &status);
	return status.frames_free;
}

static unsigned long frames_of(unsigned long size)
{
	return (size + TRI_PAGE_SIZE - 1) / TRI_PAGE_SIZE;
}

static tri_gfp_t choose_gfp(struct source *source)
{
	static const tri_gfp_t efforts[] = {
		TRI_GFP_KERNEL,
		TRI_GFP_KERNEL,
		TRI_GFP_KERNEL,
		TRI_GFP_KERNEL | TRI_GFP_NORETRY,
		TRI_GFP_KERNEL | TRI_GFP_RETRY_MAYFAIL,
		TRI_GFP_KERNEL | TRI_GFP_MEMALLOC,
		TRI_GFP_ATOMIC,
		TRI_GFP_NOWAIT | TRI_GFP_NOWARN,
	};
	static const tri_gfp_t places[] = {
		0,
		0,
		TRI_GFP_MOVABLE,
		TRI_GFP_MOVABLE,
		TRI_GFP_RECLAIMABLE,
		TRI_GFP_DMA,
		TRI_GFP_DMA32,
		TRI_GFP_DMA32 | TRI_GFP_MOVABLE,
	};

	return efforts[source_below(source, 8)] | places[source_below(source, 8)] |
	       (source_below(source, 8) == 1 ? TRI_GFP_ZERO : 0);
}

/* The zone asked for, or a lower one. */
static bool place_fits(unsigned long pfn, tri_gfp_t gfp)
{
	enum zone_number zone = zone_of_pfn(stream_machine()->zone_end, pfn);

	if (gfp & TRI_GFP_DMA)
		return zone == ZONE_DMA;
	return !(gfp & TRI_GFP_DMA32) || zone <= ZONE_DMA32;
}

static void take(void *at, unsigned long size, uint32_t tag, tri_gfp_t gfp)
{
	unsigned long pfn = plat_ptr_to_pfn(at);

	expect(place_fits(pfn, gfp));
	expect(place_fits(pfn + frames_of(size) - 1, gfp));
	expect(!(gfp & TRI_GFP_ZERO) || contents_zero(at, 0, size));
	objects_add(&blocks, at, size, tag);
	frames_held += frames_of(size);
}

/* Who ignores watermarks gets the very last frame. */
static void expect_exhausted(struct tri_core *core, tri_gfp_t gfp, unsigned int order)
{
	if (gfp & TRI_GFP_MEMALLOC && !(gfp & (TRI_GFP_DMA | TRI_GFP_DMA32)) && !order &&
	    !stream_failing())
		expect(frames_free(core) == 0);
}

static void allocate(struct source *source, struct tri_core *core)
{
	tri_gfp_t gfp = choose_gfp(source);
	/* Mostly small ones, and at times one too large. */
	unsigned int order = source_below(source, 1 + source_below(source, TRI_MAX_ORDER + 2));
	bool pinned = !(gfp & TRI_GFP_DIRECT_RECLAIM), by_pointer = source_below(source, 4) == 1;
	unsigned long saved = pinned ? plat_pin() : 0, pfn = TRI_PFN_NONE;
	void *at;

	if (by_pointer) {
		at = tri_get_free_pages(gfp, order);
	} else {
		pfn = tri_alloc_pages(gfp, order);
		at = pfn == TRI_PFN_NONE ? NULL : plat_pfn_to_ptr(pfn);
	}
	if (pinned)
		plat_unpin(saved);
	if (!at) {
		expect_exhausted(core, gfp, order);
		return;
	}
	expect(order <= TRI_MAX_ORDER && plat_ptr_to_pfn(at) % (1UL << order) == 0);
	take(at, TRI_PAGE_SIZE << order, order, gfp);
}

/* What was had a moment ago can be had again: then it must not fail, whatever is injected. */
static void allocate_surely(void)
{
	unsigned long pfn = tri_alloc_pages(TRI_GFP_KERNEL, 0);

	if (pfn == TRI_PFN_NONE)
		return;
	tri_free_pages(pfn, 0);
	pfn = tri_alloc_pages(TRI_GFP_KERNEL | TRI_GFP_NOFAIL, 0);
	expect(pfn != TRI_PFN_NONE);
	take(plat_pfn_to_ptr(pfn), TRI_PAGE_SIZE, 0, 0);
}

static void allocate_exact(struct source *source)
{
	unsigned long size = source_size(source, (4UL << 20) + 1);
	tri_gfp_t gfp = choose_gfp(source) | TRI_GFP_DIRECT_RECLAIM;
	void *at = tri_alloc_pages_exact(gfp, size);

	if (!at)
		return;
	expect((uintptr_t)at % TRI_PAGE_SIZE == 0);
	take(at, size, EXACT, gfp);
}

/* Into an array some of whose entries are set: those stay as they are. */
static void allocate_bulk(struct source *source, struct tri_core *core)
{
	unsigned long pfn[BULK], n = 1 + source_below(source, BULK), set, before = 0, found = 0;
	unsigned int every = 2 + source_below(source, 8);
	tri_gfp_t gfp = choose_gfp(source) | TRI_GFP_DIRECT_RECLAIM;

	/* No such pfn was ever lent. */
	for (unsigned long i = 0; i < n; i++) {
		pfn[i] = i % every == every - 1 ? i : TRI_PFN_NONE;
		before += pfn[i] == i;
	}
	set = tri_alloc_pages_bulk(gfp, n, pfn);
	expect(set >= before && set <= n);
	for (unsigned long i = 0; i < n; i++) {
		found += pfn[i] != TRI_PFN_NONE;
		if (i % every == every - 1)
			expect(pfn[i] == i);
		else if (pfn[i] != TRI_PFN_NONE)
			take(plat_pfn_to_ptr(pfn[i]), TRI_PAGE_SIZE, 0, gfp);
	}
	expect(found == set);
	if (set == before && before < n)
		expect_exhausted(core, gfp, 0);
}

/* Not ours any more. */
static void *leave(struct object *block)
{
	void *at = block->at;

	frames_held -= frames_of(block->size);
	objects_remove(&blocks, block);
	return at;
}

/* By any CPU, pinned or not. */
static void give(struct object *block)
{
	unsigned long size = block->size, saved = plat_pin();
	uint32_t tag = block->tag;

	if (tag == EXACT)
		tri_free_pages_exact(leave(block), size);
	else if (block->id % 4)
		tri_free_pages(plat_ptr_to_pfn(leave(block)), tag);
	else
		tri_free_pages_ptr(leave(block), tag);
	plat_unpin(saved);
}

static void give_bulk(struct source *source)
{
	unsigned long pfn[BULK], n = 0;

	for (unsigned int i = blocks.count; i-- > 0 && n + 1 < BULK;) {
		struct object *block = &blocks.object[i];

		if (block->tag)
			continue;
		expect(contents_intact(block->at, block->size, block->size, block->id));
		pfn[n++] = plat_ptr_to_pfn(leave(block));
		if (source_below(source, 8) == 1)
			pfn[n++] = TRI_PFN_NONE;
	}
	tri_free_pages_bulk(n, pfn);
	while (n)
		expect(pfn[--n] == TRI_PFN_NONE);
}

static void operation(struct source *source, struct tri_core *core)
{
	/* Grows and shrinks by turns, so that both ends of the pool are met. */
	unsigned int grow = source->taken / 1024 % 2 ? 24 : 40, what = source_below(source, 64);
	struct object *block;

	if (what < grow) {
		if (blocks.count + BULK > BLOCKS)
			return;
		if (what == 1)
			allocate_exact(source);
		else if (what == 2)
			allocate_bulk(source, core);
		else if (what == 3)
			allocate_surely();
		else
			allocate(source, core);
	} else if (what == 63) {
		give_bulk(source);
	} else {
		block = objects_pick(&blocks, source);
		if (block)
			give(block);
	}
	expect(frames_free(core) == frames_at_start - frames_held);
}

void stream_pages(struct source *source, struct tri_core *core)
{
	struct object *block;

	objects_init(&blocks, BLOCKS);
	frames_held = 0;
	frames_at_start = frames_free(core);
	while (source_more(source)) {
		stream_between(source, core);
		operation(source, core);
	}
	while ((block = objects_pick(&blocks, source)))
		give(block);
	expect(!frames_held && frames_free(core) == frames_at_start);
	objects_exit(&blocks);
}
