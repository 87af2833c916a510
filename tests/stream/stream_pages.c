/* SPDX-License-Identifier: GPL-2.0-only */
/* stream_pages.c - blocks of page frames: none twice, none lost, all counted. */
#include "tests/stream/stream.h"

#define BLOCKS 512

static struct objects blocks;
static unsigned long frames_at_start;

static unsigned long frames_free(struct tri_core *core)
{
	struct tri_status status;

	tri_status_read(core, &status);
	return status.frames_free;
}

static unsigned long pages_of(unsigned int order)
{
	return TRI_PAGE_SIZE << order;
}

static void take(unsigned long pfn, unsigned int order, tri_gfp_t gfp)
{
	void *at = plat_pfn_to_ptr(pfn);

	expect(pfn % (1UL << order) == 0);
	expect(!(gfp & TRI_GFP_ZERO) || contents_zero(at, 0, pages_of(order)));
	objects_add(&blocks, at, pages_of(order), order);
}

static void allocate(struct source *source)
{
	static const tri_gfp_t gfps[] = {TRI_GFP_KERNEL, TRI_GFP_KERNEL | TRI_GFP_ZERO};
	tri_gfp_t gfp = gfps[source_below(source, 2)];
	/* Mostly small ones, and at times one too large. */
	unsigned int order = source_below(source, 1 + source_below(source, TRI_MAX_ORDER + 2));
	unsigned long pfn;

	if (blocks.count == BLOCKS)
		return;
	pfn = tri_alloc_pages(gfp, order);
	expect(order <= TRI_MAX_ORDER || pfn == TRI_PFN_NONE);
	if (pfn != TRI_PFN_NONE)
		take(pfn, order, gfp);
}

static void give(struct object *block)
{
	tri_free_pages(plat_ptr_to_pfn(block->at), block->tag);
	objects_remove(&blocks, block);
}

static void operation(struct source *source, struct tri_core *core)
{
	struct object *block;

	/* Grows and shrinks by turns, so that both ends of the pool are met. */
	if (source_below(source, 8) < (source->taken / 1024 % 2 ? 3U : 5U)) {
		allocate(source);
	} else {
		block = objects_pick(&blocks, source);
		if (block)
			give(block);
	}
	expect(frames_free(core) == frames_at_start - blocks.bytes / TRI_PAGE_SIZE);
}

void stream_pages(struct source *source, struct tri_core *core)
{
	struct object *block;

	objects_init(&blocks, BLOCKS);
	frames_at_start = frames_free(core);
	while (source_more(source)) {
		stream_between(source, core);
		operation(source, core);
	}
	while ((block = objects_pick(&blocks, source)))
		give(block);
	expect(frames_free(core) == frames_at_start);
	objects_exit(&blocks);
}
