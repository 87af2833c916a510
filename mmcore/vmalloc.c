/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmalloc.c - virtually contiguous memory: an area, frames, and entries that join them.
 * Each step has its own file; here is their order, and the way back when one fails.
 */
#include "core.h"
#include "fault.h"
#include "vmalloc.h"

/* Address space may only be waiting, or have been until we held the purge. */
static __attribute__((__noinline__)) struct area *
room_after_purge(struct tri_core *core, unsigned long pages, unsigned long align_pages)
{
	if (tri_nowait(core))
		return NULL;
	ram_purge(core, true);
	flush_purge(core);
	return areas_alloc(core, pages + 1, align_pages);
}

/* Inline where it is called most, as it was before it had a point. */
TRI_INLINE struct area *room(struct tri_core *core, unsigned long pages, unsigned long align_pages)
{
	struct area *area;

	if (fault_fails(core, TRI_FAULT_AREA, pages << TRI_PAGE_SHIFT))
		return NULL;
	area = areas_alloc(core, pages + 1, align_pages);
	if (TRI_UNLIKELY(!area)) {
		area = room_after_purge(core, pages, align_pages);
		if (!area)
			return NULL;
	}
	trace_area_alloc(area_start(area), area->pages, align_pages);
	return area;
}

struct area *vmalloc_room(struct tri_core *core, unsigned long pages, unsigned long align_pages)
{
	return room(core, pages, align_pages);
}

struct area *vmalloc_retire(struct tri_core *core, const void *addr, enum tri_area_kind kind,
			    const char *who)
{
	struct area *area = areas_retire(core, (uintptr_t)addr);

	if (TRI_UNLIKELY(!area || area->kind != kind)) {
		plat_log("%s: %lx is not where a live area of its kind starts", who,
			 (unsigned long)addr);
		plat_panic(__FILE__, __LINE__, "not the start of a live area of this kind");
	}
	return area;
}

void vmalloc_zero(struct tri_core *core, uintptr_t start, unsigned long bytes)
{
	memset((void *)start, 0, bytes);
	tri_count_pinning(core, TRI_EVENT_bytes_zeroed, bytes);
}

void vmalloc_open(struct tri_core *core, uintptr_t start, unsigned long from, unsigned long size,
		  unsigned long pages)
{
	if (from < size)
		shadow_set(core, (void *)(start + from), size - from, SHADOW_OPEN);
	shadow_set(core, (void *)(start + size), (pages << TRI_PAGE_SHIFT) - size, SHADOW_TAIL);
}

/* As many of @want blocks as there are, appended to @frames; how many. */
static unsigned long take_blocks(struct tri_core *core, struct frame_list *frames,
				 unsigned long want, tri_gfp_t gfp)
{
	unsigned long got = 0;

	/* A block is welcome, not worth the work of making one. Linux: vm_area_alloc_pages(). */
	gfp = (gfp & ~(TRI_GFP_DIRECT_RECLAIM | TRI_GFP_NOFAIL | TRI_GFP_ZERO)) | TRI_GFP_NOWARN;
	for (; got < want; got++) {
		struct frame *block = pages_alloc(core, gfp, HUGE_ORDER, FRAME_MAPPED);

		if (!block)
			break;
		frame_list_push_tail(&core->frames, frames, block);
	}
	return got;
}

/* Map what @frames has, @blocks at its head, then single ones. As pagetable_map(). */
static int map_all(struct tri_core *core, uintptr_t start, unsigned long blocks,
		   unsigned long singles, struct frame_list *frames)
{
	unsigned long done = 0;

	if (blocks)
		pagetable_drop_tables(core, start, start + blocks * HUGE_BYTES);
	for (; done < blocks; done++) {
		struct frame *block = frame_list_pop_head(&core->frames, frames);

		if (pagetable_map_huge(core, start + done * HUGE_BYTES, block)) {
			frame_list_push_tail(&core->frames, frames, block);
			goto out_undo;
		}
	}
	if (singles && pagetable_map(core, start + blocks * HUGE_BYTES, singles, frames))
		goto out_undo;
	return 0;

out_undo:
	pagetable_unmap(core, start, done * HUGE_PAGES, frames);
	return -ENOMEM;
}

static void nowait_end(struct tri_core *core, unsigned long pinned)
{
	tri_this_cpu(core)->nowait = 0;
	plat_unpin(pinned);
}

/*
 * A part of it may have been mapped: its addresses go the way of a freed area's. @pinned as in
 * area_new(): where the platform can refuse a store, to be pinned is to be where one may sleep.
 */
static __attribute__((__noinline__)) void retire_half_made(struct tri_core *core, uintptr_t start,
							   struct frame_list *frames,
							   unsigned long *pinned)
{
	if (pinned)
		nowait_end(core, *pinned);
	flush_retire(core, areas_retire(core, start), frames);
	if (pinned)
		*pinned = plat_pin();
}

/*
 * What all ways to allocate come to: @size bytes at a multiple of @align pages; @huge: 2 MiB at
 * once where that can be. @pinned: NULL, or what plat_pin() returned to a caller for whom tri_cpu's
 * nowait is set; who may be on another CPU afterwards, without it.
 */
static void *area_new(struct tri_core *core, unsigned long size, unsigned long align, tri_gfp_t gfp,
		      bool huge, unsigned long *pinned)
{
	unsigned long pages = vmalloc_pages(size), blocks = 0;
	struct frame_list frames = {.count = 0};
	struct area *area;
	uintptr_t start;

	tri_might_sleep(core);
	if (!pages || pages > core->frames.count)
		return NULL;
	huge = huge && pages >= HUGE_PAGES;
	area = room(core, pages, huge && align < HUGE_PAGES ? HUGE_PAGES : align);
	if (!area)
		return NULL;
	start = area_start(area);
	if (huge)
		blocks = take_blocks(core, &frames, pages / HUGE_PAGES, gfp);
	/* On failure the list, blocks included, is empty. */
	if (pcp_alloc_list(core, &frames, pages - blocks * HUGE_PAGES))
		goto out_free;
	/* Who can't flush must not map a part and fail. */
	if (pinned && pagetable_reserve(core, start, pages)) {
		pcp_free_list(core, &frames);
		goto out_free;
	}
	if (map_all(core, start, blocks, pages - blocks * HUGE_PAGES, &frames)) {
		retire_half_made(core, start, &frames, pinned);
		return NULL;
	}
	area_describe(area, TRI_AREA_VMALLOC, size);
	vmalloc_open(core, start, 0, size, pages);
	if (gfp & TRI_GFP_ZERO)
		vmalloc_zero(core, start, size);
	else if (TRI_UNLIKELY(core->zones.detour & DETOUR_INIT_ALLOC))
		init_clear(core, (void *)start, size);
	return (void *)start;

out_free:
	areas_free(core, area);
	return NULL;
}

void *vmalloc_new(struct tri_core *core, unsigned long size, tri_gfp_t gfp, bool huge)
{
	return area_new(core, size, 1, gfp, huge, NULL);
}

void *tri_vmalloc(unsigned long size)
{
	return vmalloc_new(plat_core(), size, TRI_GFP_KERNEL, false);
}

void *tri_vzalloc(unsigned long size)
{
	return vmalloc_new(plat_core(), size, TRI_GFP_KERNEL | TRI_GFP_ZERO, false);
}

/* As Linux's __vmalloc_node_range(): what must not fail does so only if there never was enough. */
static void *vmalloc_until(struct tri_core *core, unsigned long size, unsigned long align,
			   tri_gfp_t gfp, bool huge)
{
	unsigned long pages = vmalloc_pages(size), spins = 0;
	bool again = gfp & TRI_GFP_NOFAIL && pages && pages <= core->frames.count;
	void *memory;

	while (!(memory = area_new(core, size, align, gfp, huge, NULL)) && again)
		plat_relax(spins++);
	return memory;
}

void *tri_vmalloc_gfp(unsigned long size, tri_gfp_t gfp)
{
	return vmalloc_until(plat_core(), size, 1, gfp, false);
}

void *tri_vmalloc_align(unsigned long size, unsigned long align, tri_gfp_t gfp)
{
	struct tri_core *core = plat_core();

	TRI_ASSERT(align && !(align & (align - 1)));
	/* Nor could what is rounded up to it be told from an address without overflow. */
	if (align > core->window_end - core->window_start)
		return NULL;
	return vmalloc_until(core, size, (align >> TRI_PAGE_SHIFT) ?: 1, gfp, false);
}

void *tri_vmalloc_nowait(unsigned long size, tri_gfp_t gfp)
{
	struct tri_core *core = plat_core();
	unsigned long pinned = plat_pin();
	void *memory;

	TRI_ASSERT(!(gfp & (TRI_GFP_DIRECT_RECLAIM | TRI_GFP_NOFAIL)));
	tri_this_cpu(core)->nowait = (gfp & ~TRI_GFP_ZERO) | TRI_GFP_NOWAIT;
	memory = area_new(core, size, 1, gfp, false, &pinned);
	nowait_end(core, pinned);
	return memory;
}

void *tri_vmalloc_huge(unsigned long size, tri_gfp_t gfp)
{
	struct tri_core *core = plat_core();

	return vmalloc_until(core, size, 1, gfp,
			     core->policy[TRI_QUESTION_huge] == TRI_POLICY_huge_on);
}

void tri_vfree(const void *addr)
{
	struct tri_core *core = plat_core();
	struct frame_list frames = {.count = 0};
	struct area *area;

	plat_might_sleep();
	if (!addr)
		return;
	area = vmalloc_retire(core, addr, TRI_AREA_VMALLOC, "tri_vfree");
	shadow_set(core, addr, area_bytes(area) - TRI_PAGE_SIZE, SHADOW_NEVER);
	pagetable_unmap(core, area_start(area), area->pages - 1, &frames);
	flush_retire(core, area, &frames);
}

unsigned long tri_vmalloc_to_pfn(const void *addr)
{
	struct tri_core *core = plat_core();

	if ((uintptr_t)addr < core->window_start || (uintptr_t)addr >= core->window_end)
		return TRI_PFN_NONE;
	return pagetable_lookup(core, (uintptr_t)addr);
}

unsigned long tri_vmalloc_purge(void)
{
	plat_might_sleep();
	return flush_purge(plat_core());
}
