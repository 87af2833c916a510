/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pages.c - the ways in and out for blocks of frames: this CPU's lists first, pages_slow.c
 * for everything else.
 */
#include "core.h"
#include "fault.h"

/* Bounds how long a long list keeps the CPU pinned; less: more enter and leave pairs. */
#define INSIDE_FRAMES 64UL

/* One frame from this CPU's list, then in @state, or PCP_NONE. Any flag but those of the place
 * is for the caller. */
static inline uint32_t pop_single(struct tri_core *core, tri_gfp_t gfp, enum frame_state state)
{
	struct tri_cpu *cpu = tri_enter(core);
	unsigned int place = gfp & PLACE_MASK;
	uint32_t pfn = pcp_pop(&cpu->pcp.list[place]);

	if (TRI_UNLIKELY(pfn == PCP_NONE)) {
		tri_leave(cpu);
		return PCP_NONE;
	}
	cpu->page_level = TRI_PAGE_PCP;
	frame_set_kind_full(frame_at(&core->frames, pfn),
			    FRAME_KIND(state, 0) | FRAME_PLACE(place));
	tri_leave(cpu);
	return pfn;
}

/* A frame in use, of full kind @kind, order 0 and not DIRECT. */
static inline void push_single(struct tri_core *core, struct frame *frame, uint32_t pfn,
			       unsigned int kind)
{
	unsigned int place = (kind & FRAME_PLACE_MASK) >> 4;
	struct tri_cpu *cpu = tri_enter(core);

	frame_set_kind_full(frame, FRAME_KIND(FRAME_CACHED, 0) | FRAME_PLACE(place));
	if (TRI_UNLIKELY(!pcp_push(&cpu->pcp.list[place], pfn)))
		pcp_push_full(core, &cpu->pcp, place, pfn);
	tri_leave(cpu);
}

static struct frame *pop_block(struct tri_core *core, tri_gfp_t gfp, unsigned int order)
{
	struct tri_cpu *cpu = tri_enter(core);
	struct frame *frame = pcp_pop_block(core, &cpu->pcp, gfp & PLACE_MASK, order);

	if (frame)
		cpu->page_level = TRI_PAGE_PCP;
	tri_leave(cpu);
	return frame;
}

/* Asserts what a caller must keep to; true: it shall fail. */
static inline bool refused(struct tri_core *core, tri_gfp_t gfp, unsigned int order)
{
	TRI_ASSERT((gfp & PLACE_MASK & 3) != 3 && place_type(gfp & PLACE_MASK) < MIGRATE_TYPES);
	TRI_ASSERT(!(gfp & TRI_GFP_NOFAIL) || gfp & TRI_GFP_DIRECT_RECLAIM);
	if (gfp & TRI_GFP_DIRECT_RECLAIM)
		plat_might_sleep();
	if (order > TRI_MAX_ORDER)
		return true;
	return !(gfp & TRI_GFP_NOFAIL) &&
	       fault_fails(core, TRI_FAULT_PAGES, TRI_PAGE_SIZE << order);
}

struct frame *pages_alloc(struct tri_core *core, tri_gfp_t gfp, unsigned int order,
			  enum frame_state state)
{
	struct frame *frame = NULL;

	if (TRI_UNLIKELY(refused(core, gfp, order)))
		return NULL;
	if (!order) {
		uint32_t pfn = pop_single(core, gfp, state);

		if (pfn != PCP_NONE)
			frame = frame_at(&core->frames, pfn);
	} else {
		frame = pop_block(core, gfp, order);
	}
	if (TRI_UNLIKELY(!frame))
		frame = pages_alloc_slow(core, gfp, order);
	if (TRI_UNLIKELY(!frame))
		return NULL;
	frame_set_kind(frame, state, order);
	if (gfp & TRI_GFP_ZERO)
		memset(plat_pfn_to_ptr(frame->pfn), 0, TRI_PAGE_SIZE << order);
	return frame;
}

/* Everything that is no single frame for this CPU's list. */
static __attribute__((noinline)) void free_block(struct tri_core *core, struct frame *frame,
						 unsigned int order)
{
	struct tri_cpu *cpu = tri_enter(core);

	frame_set_kind(frame, FRAME_CACHED, order);
	if (frame_kind_full(frame) & FRAME_DIRECT || !pcp_push_block(core, &cpu->pcp, frame, order))
		zone_put(core, zone_of(&core->zones, frame), frame, order);
	tri_leave(cpu);
}

void pages_free(struct tri_core *core, struct frame *frame, unsigned int order)
{
	unsigned int kind = frame_kind_full(frame);

	TRI_ASSERT((kind & FRAME_KIND_MASK) >> 8 == order);
	if (order || kind & FRAME_DIRECT)
		free_block(core, frame, order);
	else
		push_single(core, frame, frame->pfn, kind);
}

void pages_split(struct frame *frame, unsigned int order)
{
	unsigned int kind = frame_kind_full(frame) & ~FRAME_ORDER_MASK;

	/* The first one last: until then the block is whole to whoever looks. */
	for (unsigned long i = 1UL << order; i-- > 0;)
		frame_set_kind_full(&frame[i], kind);
}

/* Kept out of tri_alloc_pages(), whose straight path then saves no register. */
static __attribute__((noinline)) unsigned long alloc_other(struct tri_core *core, tri_gfp_t gfp,
							   unsigned int order)
{
	struct frame *frame = pages_alloc(core, gfp, order, FRAME_USED);

	return frame ? frame->pfn : TRI_PFN_NONE;
}

static __attribute__((noinline)) unsigned long alloc_slow(struct tri_core *core, tri_gfp_t gfp)
{
	struct frame *frame = pages_alloc_slow(core, gfp, 0);

	if (!frame)
		return TRI_PFN_NONE;
	frame_set_kind(frame, FRAME_USED, 0);
	return frame->pfn;
}

unsigned long tri_alloc_pages(tri_gfp_t gfp, unsigned int order)
{
	struct tri_core *core = plat_core();
	uint32_t pfn;

	if (TRI_UNLIKELY(order | (gfp & TRI_GFP_ZERO)))
		return alloc_other(core, gfp, order);
	if (TRI_UNLIKELY(refused(core, gfp, 0)))
		return TRI_PFN_NONE;
	pfn = pop_single(core, gfp, FRAME_USED);
	return TRI_UNLIKELY(pfn == PCP_NONE) ? alloc_slow(core, gfp) : pfn;
}

static __attribute__((noreturn, noinline, cold)) void
bad_free(const struct frame *frame, unsigned long pfn, unsigned int order)
{
	plat_log("tri_free_pages: pfn %lx order %u, but its frame is in state %u order %u", pfn,
		 order, frame_kind(frame) & 0xff, frame_kind(frame) >> 8);
	plat_panic(__FILE__, __LINE__, "tri_free_pages: not an allocated block of this order");
}

static __attribute__((noinline)) void free_other(struct tri_core *core, struct frame *frame,
						 unsigned long pfn, unsigned int order)
{
	if (order > TRI_MAX_ORDER || frame_kind(frame) != FRAME_KIND(FRAME_USED, order))
		bad_free(frame, pfn, order);
	free_block(core, frame, order);
}

void tri_free_pages(unsigned long pfn, unsigned int order)
{
	struct tri_core *core = plat_core();
	struct frame *frame = frame_find(&core->frames, pfn);
	unsigned int kind = frame_kind_full(frame);

	/* One compare tells all that is wrong, and what is no single frame besides. */
	if (TRI_UNLIKELY(((kind & ~FRAME_PLACE_MASK) ^ FRAME_KIND(FRAME_USED, 0)) | order))
		free_other(core, frame, pfn, order);
	else
		push_single(core, frame, (uint32_t)pfn, kind);
}

void *tri_get_free_pages(tri_gfp_t gfp, unsigned int order)
{
	unsigned long pfn = tri_alloc_pages(gfp, order);

	return pfn == TRI_PFN_NONE ? NULL : plat_pfn_to_ptr(pfn);
}

void *tri_get_zeroed_page(tri_gfp_t gfp)
{
	return tri_get_free_pages(gfp | TRI_GFP_ZERO, 0);
}

void tri_free_pages_ptr(const void *ptr, unsigned int order)
{
	if (ptr)
		tri_free_pages(plat_ptr_to_pfn(ptr), order);
}

void tri_free_page_ptr(const void *ptr)
{
	tri_free_pages_ptr(ptr, 0);
}

static unsigned int order_of_pages(unsigned long pages)
{
	unsigned int order = 0;

	while (1UL << order < pages)
		order++;
	return order;
}

void *tri_alloc_pages_exact(tri_gfp_t gfp, unsigned long size)
{
	struct tri_core *core = plat_core();
	unsigned long pages = size / TRI_PAGE_SIZE + (size % TRI_PAGE_SIZE != 0);
	struct frame *frame;
	unsigned int order;

	if (!pages || pages > SECTION_FRAMES)
		return NULL;
	order = order_of_pages(pages);
	frame = pages_alloc(core, gfp, order, FRAME_USED);
	if (!frame)
		return NULL;
	pages_split(frame, order);
	for (unsigned long i = pages; i < 1UL << order; i++)
		pages_free(core, &frame[i], 0);
	return plat_pfn_to_ptr(frame->pfn);
}

void tri_free_pages_exact(const void *ptr, unsigned long size)
{
	unsigned long pages = size / TRI_PAGE_SIZE + (size % TRI_PAGE_SIZE != 0);
	unsigned long pfn = plat_ptr_to_pfn(ptr);

	for (unsigned long i = 0; i < pages; i++)
		tri_free_pages(pfn + i, 0);
}

enum tri_page_level tri_page_level(void)
{
	struct tri_core *core = plat_core();
	struct tri_cpu *cpu = tri_enter(core);
	enum tri_page_level level = cpu->page_level;

	tri_leave(cpu);
	return level;
}
