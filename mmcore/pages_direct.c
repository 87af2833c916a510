/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pages_direct.c - the straight path between callers and a policy that has no per-CPU lists
 * before it (zones->direct): the highest zone allowed, above its low mark. All else, and what
 * fails here, is for pages_slow.c, which begins with the same and then looks further.
 *
 * Such a policy is itself fast; its list would always be empty. Walking zones for each frame
 * took twice as long as the frame itself.
 */
#include "core.h"

struct frame *pages_direct_alloc(struct tri_core *core, tri_gfp_t gfp, unsigned int order,
				 enum frame_state state)
{
	struct zone *zone = zone_of_place(&core->zones, gfp);
	enum migratetype type = place_type(gfp & PLACE_MASK);
	struct frame *frame = NULL;
	struct tri_cpu *cpu;
	unsigned long saved;

	if (!tri_enter_fast(core, &cpu, &saved))
		return NULL;
	if (zone_is_far(zone) || watermark_room(core, zone, WATERMARK_LOW, gfp) >= 1UL << order)
		frame = zone_take(core, zone, order, type);
	/* All of it is known: reading what take() wrote would wait for that. */
	if (frame)
		frame_set_kind_full(frame,
				    FRAME_KIND(state, order) | FRAME_DIRECT |
					    FRAME_PLACE(zone->place | (unsigned int)type << 2));
	cpu->gate.page_level = TRI_PAGE_BUDDY;
	tri_leave_fast(cpu, saved);
	return frame;
}

void pages_direct_free(struct tri_core *core, struct frame *frame, unsigned int order)
{
	struct tri_cpu *cpu = tri_enter(core);

	zone_put(core, zone_of(&core->zones, frame), frame, order);
	tri_leave(cpu);
}

unsigned long pages_direct_take(struct tri_core *core, tri_gfp_t gfp, uint32_t *pfn,
				unsigned long n)
{
	struct zone *zone = zone_of_place(&core->zones, gfp);
	unsigned long most = watermark_room(core, zone, WATERMARK_LOW, gfp);

	return zone_take_bulk(core, zone, place_type(gfp & PLACE_MASK), pfn, n < most ? n : most);
}
