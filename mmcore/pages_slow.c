/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pages_slow.c - an allocation that this CPU's list could not serve, as Linux's
 * get_page_from_freelist() and __alloc_pages_slowpath() (mm/page_alloc.c of 6.12) go about it:
 *
 * 1. the allowed zones from the highest down, each above its low mark (and its reserve): its
 *    list on this CPU, a refill, its free blocks, those of other migratetypes;
 * 2. the same down to the min mark, or below it, as the flags allow;
 * 3. with DIRECT_RECLAIM: all CPUs' lists are drained, then shrinkers asked, then drained and
 *    looked again, for as long as that frees something; without: this CPU's lists are drained;
 * 4. it fails, with a line in the log, unless it must not.
 *
 * Differs from Linux: nothing is killed and nothing is compacted.
 */
#include "core.h"
#include "fault.h"

/* Linux's PAGE_ALLOC_COSTLY_ORDER: reclaim seldom makes a block larger than that. */
#define COSTLY_ORDER 3U
/* Linux's MAX_RECLAIM_RETRIES. */
#define ROUNDS_MAX 16UL
/* A request that must not fail says so after so many rounds in vain, and then again. */
#define NOFAIL_LOG_ROUNDS 1024UL

/* Inside: a block from @zone, which may give @room frames; @stock: and some for the list. */
static struct frame *take_from(struct tri_core *core, struct tri_cpu *cpu, struct zone *zone,
			       unsigned int order, enum migratetype type, unsigned long room,
			       bool stock)
{
	unsigned int place = zone->place | (unsigned int)type << 2;
	struct frame *frame;
	uint32_t pfn;

	if (order) {
		frame = pcp_pop_block(core, &cpu->pcp, place, order);
		return frame ?: zone_take(core, zone, order, type);
	}
	pfn = pcp_pop(&cpu->pcp.list[place]);
	if (pfn == PCP_NONE && stock && pcp_refill(core, &cpu->pcp, zone, type, room))
		pfn = pcp_pop(&cpu->pcp.list[place]);
	return pfn == PCP_NONE ? zone_take(core, zone, 0, type) : frame_at(&core->frames, pfn);
}

/* The allowed zones in turn; what it finds is of @level. */
static struct frame *walk(struct tri_core *core, tri_gfp_t gfp, unsigned int order,
			  enum watermark mark, enum tri_page_level level)
{
	struct tri_cpu *cpu = tri_enter(core);
	enum zone_number highest = zone_allowed(gfp);
	struct frame *frame = NULL;
	int number;

	if (highest > core->zones.highest)
		highest = core->zones.highest;
	for (number = (int)highest; number >= 0 && !frame; number--) {
		struct zone *zone = &core->zones.zone[number];
		unsigned long room = watermark_room(core, zone, mark, gfp);

		if (room >= 1UL << order)
			frame = take_from(core, cpu, zone, order, place_type(gfp & PLACE_MASK),
					  room, mark == WATERMARK_LOW);
		if (frame && number < (int)highest)
			tri_count(core, TRI_EVENT_pages_fallback, 1);
	}
	cpu->gate.page_level = level;
	tri_leave(cpu);
	return frame;
}

static struct frame *walk_hard(struct tri_core *core, tri_gfp_t gfp, unsigned int order)
{
	return walk(core, gfp, order, WATERMARK_MIN, TRI_PAGE_SLOW);
}

static bool worth_another_round(tri_gfp_t gfp, unsigned int order, unsigned long freed,
				unsigned long round)
{
	if (gfp & TRI_GFP_NOFAIL)
		return true;
	if (gfp & TRI_GFP_NORETRY || !freed)
		return false;
	if (order <= COSTLY_ORDER)
		return true;
	return gfp & TRI_GFP_RETRY_MAYFAIL && round < ROUNDS_MAX;
}

static void log_patience(tri_gfp_t gfp, unsigned int order, unsigned long round)
{
	if (round % NOFAIL_LOG_ROUNDS == 0)
		plat_log("trimm: pages of order %u, gfp %lx, must not fail, after %lu rounds of "
			 "reclaim still nothing",
			 order, (unsigned long)gfp, round);
}

/* Drain, reclaim, and again while that leads somewhere. */
static struct frame *reclaim_rounds(struct tri_core *core, tri_gfp_t gfp, unsigned int order)
{
	for (unsigned long round = 1;; round++) {
		unsigned long freed = 0;
		struct frame *frame;

		reclaim_drain_all(core);
		frame = walk_hard(core, gfp, order);
		if (frame)
			return frame;
		/* Who frees memory must not wait for memory to be freed. */
		if (!(gfp & TRI_GFP_MEMALLOC)) {
			freed = reclaim_direct(core, order);
			/* Even after nothing: it may have waited while another CPU freed some. */
			reclaim_drain_all(core);
			frame = walk_hard(core, gfp, order);
			if (frame)
				return frame;
		}
		if (!worth_another_round(gfp, order, freed, round))
			return NULL;
		if (gfp & TRI_GFP_NOFAIL) {
			/* Linux, too, lets it into half of the reserve rather than wait. */
			gfp |= TRI_GFP_HIGH;
			log_patience(gfp, order, round);
			plat_relax(round);
		}
	}
}

/* The 1st, 2nd, 4th, 8th failure and so on: a line each time would drown the log. */
static __attribute__((__noinline__, cold)) void log_failure(struct tri_core *core, tri_gfp_t gfp,
							    unsigned int order)
{
	unsigned long nr = __atomic_add_fetch(&core->reclaim.failures, 1, __ATOMIC_RELAXED);
	struct zone *zone = core->zones.zone;

	if (nr & (nr - 1))
		return;
	plat_log("trimm: page allocation failure %lu: order %u, gfp %lx; free of min: DMA %lu of "
		 "%lu, DMA32 %lu of %lu, NORMAL %lu of %lu; on lists: %lu",
		 nr, order, (unsigned long)gfp, zone_free(core, &zone[ZONE_DMA]),
		 zone[ZONE_DMA].watermark[WATERMARK_MIN], zone_free(core, &zone[ZONE_DMA32]),
		 zone[ZONE_DMA32].watermark[WATERMARK_MIN], zone_free(core, &zone[ZONE_NORMAL]),
		 zone[ZONE_NORMAL].watermark[WATERMARK_MIN], pcp_frames(core));
}

struct frame *pages_alloc_slow(struct tri_core *core, tri_gfp_t gfp, unsigned int order)
{
	struct frame *frame = walk(core, gfp, order, WATERMARK_LOW, TRI_PAGE_BUDDY);

	if (frame)
		return frame;
	tri_count_pinning(core, TRI_EVENT_pages_slow, 1);
	trace_pages_slow(order, gfp);
	frame = walk_hard(core, gfp, order);
	if (frame)
		return frame;
	if (gfp & TRI_GFP_DIRECT_RECLAIM) {
		frame = reclaim_rounds(core, gfp, order);
	} else {
		pcp_drain(core);
		frame = walk_hard(core, gfp, order);
	}
	if (frame)
		return frame;
	tri_count_pinning(core, TRI_EVENT_pages_fail, 1);
	trace_pages_fail(order, gfp);
	if (!(gfp & TRI_GFP_NOWARN))
		log_failure(core, gfp, order);
	return NULL;
}
