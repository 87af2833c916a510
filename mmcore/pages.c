/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pages.c - the ways in and out for blocks of frames: this CPU's lists first, pages_slow.c
 * for everything else.
 */
#include "core.h"
#include "fault.h"
#include "shadow.h"

/*
 * One frame from this CPU's list of @place, then in @state, or PCP_NONE: the list is empty, or
 * the CPUs are stopped.
 */
static inline uint32_t pop_single(struct tri_core *core, unsigned int place, enum frame_state state)
{
	struct tri_cpu *cpu;
	unsigned long saved;
	uint32_t pfn;

	if (!tri_enter_fast(core, &cpu, &saved))
		return PCP_NONE;
	pfn = pcp_pop(&cpu->pcp.list[place]);
	if (TRI_UNLIKELY(pfn == PCP_NONE)) {
		tri_leave_fast(cpu, saved);
		return PCP_NONE;
	}
	frame_set_kind_full(frame_at(&core->frames, pfn),
			    FRAME_KIND(state, 0) | FRAME_PLACE(place));
	_Static_assert(!TRI_PAGE_PCP, "the store that leaves also says so");
	tri_leave_pcp(cpu, saved);
	return pfn;
}

/*
 * A single frame in use, of @place and not DIRECT, to this CPU's list. False: that is full, or
 * the CPUs are stopped.
 */
static inline bool push_single(struct tri_core *core, struct frame *frame, uint32_t pfn,
			       unsigned int place)
{
	struct tri_cpu *cpu;
	unsigned long saved;

	if (!tri_enter_fast(core, &cpu, &saved))
		return false;
	if (TRI_UNLIKELY(!pcp_push(&cpu->pcp.list[place], pfn))) {
		tri_leave_fast(cpu, saved);
		return false;
	}
	frame_set_kind_full(frame, FRAME_KIND(FRAME_CACHED, 0) | FRAME_PLACE(place));
	tri_leave_fast(cpu, saved);
	return true;
}

TRI_INLINE struct frame *pop_block(struct tri_core *core, tri_gfp_t gfp, unsigned int order)
{
	struct tri_cpu *cpu = tri_enter(core);
	struct frame *frame = pcp_pop_block(core, &cpu->pcp, gfp & PLACE_MASK, order);

	if (frame)
		cpu->gate.page_level = TRI_PAGE_PCP;
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

/* From wherever the policy keeps what is at hand, else the hard way; NULL: there is none. */
TRI_INLINE struct frame *take(struct tri_core *core, tri_gfp_t gfp, unsigned int order,
			      enum frame_state state, bool direct)
{
	struct frame *frame = NULL;

	if (direct) {
		frame = pages_direct_alloc(core, gfp, order, state);
	} else if (!order) {
		uint32_t pfn = pop_single(core, gfp & PLACE_MASK, state);

		if (pfn != PCP_NONE)
			frame = frame_at(&core->frames, pfn);
	} else {
		frame = pop_block(core, gfp, order);
	}
	if (TRI_UNLIKELY(!frame))
		frame = pages_alloc_slow(core, gfp, order);
	return frame;
}

/*
 * A block for which core->zones.detour is not 0. One that backs an area is cleared by vmalloc:
 * the bytes asked for, at the addresses they will be used by, and its frames as it frees them.
 */
static __attribute__((__noinline__)) struct frame *
alloc_detour(struct tri_core *core, tri_gfp_t gfp, unsigned int order, enum frame_state state)
{
	unsigned int detour = core->zones.detour;
	struct frame *frame = take(core, gfp, order, state, core->zones.direct);

	if (!frame)
		return NULL;
	frame_set_kind(frame, state, order);
	if (gfp & TRI_GFP_ZERO)
		memset(plat_pfn_to_ptr(frame->pfn), 0, TRI_PAGE_SIZE << order);
	if (state == FRAME_MAPPED)
		return frame;
	if (detour & DETOUR_INIT_ALLOC && !(gfp & TRI_GFP_ZERO))
		init_clear_block(core, frame, order);
	if (detour & DETOUR_INIT_FREE)
		frame_set_kind_full(frame, frame_kind_full(frame) | FRAME_CLEAR);
	return frame;
}

struct frame *pages_alloc(struct tri_core *core, tri_gfp_t gfp, unsigned int order,
			  enum frame_state state)
{
	struct frame *frame;

	if (TRI_UNLIKELY(refused(core, gfp, order)))
		return NULL;
	if (TRI_UNLIKELY(core->zones.detour))
		return alloc_detour(core, gfp, order, state);
	frame = take(core, gfp, order, state, false);
	if (TRI_UNLIKELY(!frame))
		return NULL;
	frame_set_kind(frame, state, order);
	if (gfp & TRI_GFP_ZERO)
		memset(plat_pfn_to_ptr(frame->pfn), 0, TRI_PAGE_SIZE << order);
	return frame;
}

/* Whatever push_single() could not do or was not asked to. */
static __attribute__((__noinline__)) void free_slow(struct tri_core *core, struct frame *frame,
						    unsigned int order)
{
	struct tri_cpu *cpu = tri_enter(core);
	unsigned int place = frame_place(frame);

	frame_set_kind(frame, FRAME_CACHED, order);
	if (order && !pcp_push_block(core, &cpu->pcp, frame, order))
		zone_put(core, zone_of(&core->zones, frame), frame, order);
	else if (!order && !pcp_push(&cpu->pcp.list[place], frame->pfn))
		pcp_push_full(core, &cpu->pcp, place, frame->pfn);
	tri_leave(cpu);
}

static __attribute__((__noinline__)) void free_detour(struct tri_core *core, struct frame *frame,
						      unsigned int order)
{
	unsigned int kind = frame_kind_full(frame);

	if (kind & FRAME_CLEAR) {
		init_clear_block(core, frame, order);
		frame_set_kind_full(frame, kind & ~FRAME_CLEAR);
	}
	if (kind & FRAME_DIRECT)
		pages_direct_free(core, frame, order);
	else
		free_slow(core, frame, order);
}

void pages_free(struct tri_core *core, struct frame *frame, unsigned int order)
{
	unsigned int kind = frame_kind_full(frame);

	TRI_ASSERT((kind & FRAME_KIND_MASK) >> 8 == order);
	if (TRI_UNLIKELY(kind & (FRAME_DIRECT | FRAME_CLEAR)))
		free_detour(core, frame, order);
	else if (order || !push_single(core, frame, frame->pfn, frame_place(frame)))
		free_slow(core, frame, order);
}

void pages_split(struct frame *frame, unsigned int order)
{
	unsigned int kind = frame_kind_full(frame) & ~FRAME_ORDER_MASK;

	/* The first one last: until then the block is whole to whoever looks. */
	for (unsigned long i = 1UL << order; i-- > 0;)
		frame_set_kind_full(&frame[i], kind);
}

/*
 * The straight path below is for single frames of the highest zone that can't be moved, with
 * all else kept out of it: then it calls nothing and saves no register, the address of the
 * list is a constant beside this CPU's data, and freeing finds that address by predicting a
 * branch. Working it out from the frame's kind instead made each allocation after a free wait
 * for that frame to be looked up: 34 ticks a pair, and not 11.
 */
static __attribute__((__noinline__)) unsigned long alloc_slow(struct tri_core *core, tri_gfp_t gfp,
							      unsigned int order)
{
	struct frame *frame = pages_alloc_slow(core, gfp, order);

	if (!frame)
		return TRI_PFN_NONE;
	frame_set_kind(frame, FRAME_USED, order);
	shadow_set_pfn(core, frame->pfn, 1UL << order, SHADOW_OPEN);
	return frame->pfn;
}

static __attribute__((__noinline__)) unsigned long alloc_other(struct tri_core *core, tri_gfp_t gfp,
							       unsigned int order)
{
	struct frame *frame;

	if (core->zones.detour == DETOUR_DIRECT && !(gfp & TRI_GFP_ZERO)) {
		if (refused(core, gfp, order))
			return TRI_PFN_NONE;
		frame = pages_direct_alloc(core, gfp, order, FRAME_USED);
		if (!frame)
			return alloc_slow(core, gfp, order);
	} else {
		frame = pages_alloc(core, gfp, order, FRAME_USED);
	}
	if (!frame)
		return TRI_PFN_NONE;
	shadow_set_pfn(core, frame->pfn, 1UL << order, SHADOW_OPEN);
	return frame->pfn;
}

unsigned long tri_alloc_pages(tri_gfp_t gfp, unsigned int order)
{
	struct tri_core *core = plat_core();
	uint32_t pfn;

	if (TRI_UNLIKELY(order | (gfp & (TRI_GFP_ZERO | PLACE_MASK)) | core->zones.detour))
		return alloc_other(core, gfp, order);
	if (TRI_UNLIKELY(refused(core, gfp, 0)))
		return TRI_PFN_NONE;
	pfn = pop_single(core, 0, FRAME_USED);
	if (TRI_UNLIKELY(pfn == PCP_NONE))
		return alloc_slow(core, gfp, 0);
	shadow_set_pfn(core, pfn, 1, SHADOW_OPEN);
	return pfn;
}

static __attribute__((noreturn, __noinline__, cold)) void
bad_free(const struct frame *frame, unsigned long pfn, unsigned int order)
{
	plat_log("tri_free_pages: pfn %lx order %u, but its frame is in state %u order %u", pfn,
		 order, frame_kind(frame) & 0xff, frame_kind(frame) >> 8);
	plat_panic(__FILE__, __LINE__, "tri_free_pages: not an allocated block of this order");
}

static __attribute__((__noinline__)) void free_other(struct tri_core *core, struct frame *frame,
						     unsigned long pfn, unsigned int order)
{
	if (order > TRI_MAX_ORDER || frame_kind(frame) != FRAME_KIND(FRAME_USED, order))
		bad_free(frame, pfn, order);
	/* Before the free: from then on it may be another's. */
	shadow_set_pfn(core, pfn, 1UL << order, SHADOW_NEVER);
	if (core->zones.detour == DETOUR_DIRECT)
		pages_direct_free(core, frame, order);
	else
		pages_free(core, frame, order);
}

void tri_free_pages(unsigned long pfn, unsigned int order)
{
	struct tri_core *core = plat_core();
	struct frame *frame = frame_find(&core->frames, pfn);
	unsigned int kind = frame_kind_full(frame);

	/* One compare tells all that is wrong, and all that is something else besides. */
	if (TRI_UNLIKELY(kind != FRAME_KIND(FRAME_USED, 0) || order)) {
		free_other(core, frame, pfn, order);
		return;
	}
	shadow_set_pfn(core, pfn, 1, SHADOW_NEVER);
	if (TRI_UNLIKELY(!push_single(core, frame, (uint32_t)pfn, 0)))
		free_slow(core, frame, 0);
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

void *tri_alloc_pages_exact(tri_gfp_t gfp, unsigned long size)
{
	struct tri_core *core = plat_core();
	unsigned long pages = size / TRI_PAGE_SIZE + (size % TRI_PAGE_SIZE != 0);
	struct frame *frame;
	unsigned int order;

	if (!pages || pages > SECTION_FRAMES)
		return NULL;
	order = order_for(size);
	frame = pages_alloc(core, gfp, order, FRAME_USED);
	if (!frame)
		return NULL;
	pages_split(frame, order);
	for (unsigned long i = pages; i < 1UL << order; i++)
		pages_free(core, &frame[i], 0);
	shadow_set_pfn(core, frame->pfn, pages, SHADOW_OPEN);
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
	enum tri_page_level level = cpu->gate.page_level;

	tri_leave(cpu);
	return level;
}
