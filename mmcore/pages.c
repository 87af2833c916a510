/* SPDX-License-Identifier: GPL-2.0-only */
/* pages.c - one way in and out for blocks of frames: per-CPU lists, then the buddy. */
#include "core.h"

struct frame *pages_alloc(struct tri_core *core, tri_gfp_t gfp, unsigned int order,
			  enum frame_state state)
{
	struct frame *frame;

	if (order == 0) {
		frame = pcp_alloc(core, state);
	} else {
		if (order > TRI_MAX_ORDER)
			return NULL;
		frame = buddy_alloc(core, order, state);
		if (!frame) {
			/* What is missing to a block may lie in our own list. */
			pcp_drain(core);
			frame = buddy_alloc(core, order, state);
		}
	}
	if (frame && gfp & TRI_GFP_ZERO)
		memset(plat_pfn_to_ptr(frame->pfn), 0, TRI_PAGE_SIZE << order);
	return frame;
}

void pages_free(struct tri_core *core, struct frame *frame, unsigned int order)
{
	if (order == 0)
		pcp_free(core, frame);
	else
		buddy_free(core, frame, order);
}

unsigned long tri_alloc_pages(tri_gfp_t gfp, unsigned int order)
{
	struct frame *frame = pages_alloc(plat_core(), gfp, order, FRAME_USED);

	return frame ? frame->pfn : TRI_PFN_NONE;
}

static __attribute__((noreturn, noinline, cold)) void
bad_free(const struct frame *frame, unsigned long pfn, unsigned int order)
{
	plat_log("tri_free_pages: pfn %lx order %u, but its frame is in state %u order %u", pfn,
		 order, frame_kind(frame) & 0xff, frame_kind(frame) >> 8);
	plat_panic(__FILE__, __LINE__, "tri_free_pages: not an allocated block of this order");
}

void tri_free_pages(unsigned long pfn, unsigned int order)
{
	struct tri_core *core = plat_core();
	struct frame *frame = frame_find(&core->frames, pfn);

	if (TRI_UNLIKELY(order > TRI_MAX_ORDER ||
			 frame_kind(frame) != FRAME_KIND(FRAME_USED, order)))
		bad_free(frame, pfn, order);
	pages_free(core, frame, order);
}
