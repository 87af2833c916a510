/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * zone.h - zones, migratetypes, and the seam between them and who keeps the free frames.
 *
 * Zone: frames below an address that some devices can't reach beyond (DMA, DMA32), and all
 * others (NORMAL). A request names the highest zone that will do and may be served from that
 * one and those below it. Boundaries are multiples of the largest block, so blocks of
 * different zones never merge.
 *
 * Migratetype: what can be done about a block in use: nothing, move it, or ask a shrinker for
 * it. Each pageblock, 2 MiB, has one, so that what can't move does not end up everywhere.
 *
 * Place: zone and migratetype in four bits, laid out as in the gfp flags: bits 0..1 the zone
 * (0 the highest one with frames, TRI_GFP_DMA, TRI_GFP_DMA32), bits 2..3 the migratetype. So
 * the number of a per-CPU list is gfp & PLACE_MASK, without a table.
 *
 * The seam. A policy of question "pages" is a file pages_<answer>.c that keeps the free frames
 * of a zone by the functions of PAGES_POLICY_DECLARE; zone.c dispatches by a switch. Blocks
 * come and go in state CACHED: the policy makes them so when it takes them, with their place,
 * before it drops its lock, and finds them so when they are put back.
 */
#ifndef MMCORE_ZONE_H
#define MMCORE_ZONE_H

#include "bitmap.h"
#include "buddy.h"

enum zone_number { ZONE_DMA, ZONE_DMA32, ZONE_NORMAL, ZONES };

/* In the order of the place's bits. */
enum migratetype { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE, MIGRATE_RECLAIMABLE };
_Static_assert(MIGRATE_MOVABLE << 2 == TRI_GFP_MOVABLE, "a place is laid out as gfp flags");
_Static_assert(MIGRATE_RECLAIMABLE << 2 == TRI_GFP_RECLAIMABLE, "a place is laid out so");
_Static_assert(TRI_GFP_DMA == 1 && TRI_GFP_DMA32 == 2, "a place is laid out as gfp flags");

#define PLACES	   16U
#define PLACE_MASK (PLACES - 1)

static inline enum migratetype place_type(unsigned int place)
{
	return place >> 2 & 3;
}

/* See watermark.c. */
enum watermark { WATERMARK_MIN, WATERMARK_LOW, WATERMARK_HIGH, WATERMARKS };

struct zone {
	/* Fixed from zones_init() and watermarks_init() on. */
	enum zone_number number;
	unsigned int place; /* bits 0..1 of its places */
	unsigned long managed;
	unsigned long watermark[WATERMARKS];
	unsigned long reserve[ZONES]; /* kept from requests that could do with that zone */
	unsigned long far;	      /* with more free frames no request comes near any of them */

	struct bitmap bitmap;	    /* pages=bitmap */
	unsigned long bitmap_first; /* frame index of its index 0 */

	struct buddy buddy __attribute__((aligned(128))); /* pages=buddy */
} __attribute__((aligned(128)));

/* Why frames may not go from a per-CPU list to their user as they are. */
enum {
	DETOUR_DIRECT = 1,     /* there is no list */
	DETOUR_INIT_ALLOC = 2, /* init_on_alloc=1 */
	DETOUR_INIT_FREE = 4,  /* init_on_free=1 */
};

struct zones {
	struct zone zone[ZONES];
	enum zone_number highest;	/* with frames */
	struct zone *top;		/* that one */
	unsigned int direct;		/* 1: the policy has no per-CPU lists before it */
	unsigned int detour;		/* DETOUR_*; 0: single frames take the straight path */
	enum zone_number of_place[4];	/* by bits 0..1 */
	unsigned long end[ZONE_NORMAL]; /* pfns; as configured */
	uint8_t *pageblock;		/* migratetype, by frame index / PAGEBLOCK_FRAMES */
};

/* Frames of each zone. */
void zones_measure(const struct tri_config *config, unsigned long managed[ZONES]);
/* In which zone a lent frame is, by where zones DMA and DMA32 end. */
enum zone_number zone_of_pfn(const unsigned long end[ZONE_NORMAL], unsigned long pfn);
/* Bytes of pageblock[]. */
size_t zones_bytes(const struct tri_core *core);
/* Zones as @config bounds them, all frames of its runs free. */
void zones_init(struct tri_core *core, const struct tri_config *config);

/*
 * The zone that requests and frames of this place begin with. Mostly the highest one: a branch
 * that is predicted does not wait for the place to be read.
 */
static inline struct zone *zone_of_place(struct zones *zones, unsigned int place)
{
	if (__builtin_expect(!(place & 3), 1))
		return zones->top;
	return &zones->zone[zones->of_place[place & 3]];
}

static inline struct zone *zone_of(struct zones *zones, const struct frame *frame)
{
	return zone_of_place(zones, frame_place(frame));
}

/* The highest zone a request may use. */
enum zone_number zone_allowed(tri_gfp_t gfp);

/* A block of @zone, CACHED; of another migratetype's pageblocks if there is no other. Or NULL. */
struct frame *zone_take(struct tri_core *core, struct zone *zone, unsigned int order,
			enum migratetype type);
/* Up to @n single frames into pfn[], in the order in which they should be used; how many. */
unsigned long zone_take_bulk(struct tri_core *core, struct zone *zone, enum migratetype type,
			     uint32_t *pfn, unsigned long n);
void zone_put(struct tri_core *core, struct zone *zone, struct frame *frame, unsigned int order);
void zone_put_bulk(struct tri_core *core, struct zone *zone, const uint32_t *pfn, unsigned long n);
/*
 * Frames in @zone's keeping now; without a lock, so a little old, and fewer than there are if
 * that is far above all watermarks.
 */
unsigned long zone_free(struct tri_core *core, struct zone *zone);
/* The same, and those of all zones, exact while no CPU is inside. */
unsigned long zone_free_exact(struct tri_core *core, struct zone *zone);
unsigned long zones_free(struct tri_core *core);
/*
 * True only if more than zone->far are free. For pages=bitmap alone, whose exact count has to
 * be added up; elsewhere false, as counting is as cheap.
 */
static inline bool zone_is_far(const struct zone *zone)
{
	return bitmap_free_floor(&zone->bitmap) > zone->far;
}

/* Its free blocks, as large as they can be, by migratetype and order. Reads all of them. */
typedef unsigned long zone_blocks[MIGRATE_TYPES][TRI_MAX_ORDER + 1];
void zone_count(struct tri_core *core, struct zone *zone, zone_blocks count);
/*
 * One set of these per policy, all of them called inside (tri_enter()) but for init, put and
 * put_bulk while the core starts and ends; locks are the policy's own.
 * init: an empty zone; its frames, all INSIDE, are then put in blocks of the largest order.
 * take, take_bulk: frames get kind CACHED, order, place (zone->place and @type), and DIRECT if
 *   uses_lists is false: the policy is itself fast and private to a CPU.
 */
#define PAGES_POLICY_DECLARE(answer)                                                              \
	void pages_##answer##_init(struct tri_core *core, struct zone *zone);                     \
	struct frame *pages_##answer##_take(struct tri_core *core, struct zone *zone,             \
					    unsigned int order, enum migratetype type);           \
	unsigned long pages_##answer##_take_bulk(struct tri_core *core, struct zone *zone,        \
						 enum migratetype type, uint32_t *pfn,            \
						 unsigned long n);                                \
	void pages_##answer##_put(struct tri_core *core, struct zone *zone, struct frame *frame,  \
				  unsigned int order);                                            \
	void pages_##answer##_put_bulk(struct tri_core *core, struct zone *zone,                  \
				       const uint32_t *pfn, unsigned long n);                     \
	unsigned long pages_##answer##_free(struct tri_core *core, struct zone *zone);            \
	unsigned long pages_##answer##_free_exact(struct tri_core *core, struct zone *zone);      \
	void pages_##answer##_count(struct tri_core *core, struct zone *zone, zone_blocks count); \
	bool pages_##answer##_uses_lists(void);
#define POLICY_pages(answer, text, about) PAGES_POLICY_DECLARE(answer)
#include "policies.def"

/* pages_bitmap.c: what its bitmaps need, and to place them there, before zones_init(). */
size_t pages_bitmap_bytes(const struct tri_config *config);
void pages_bitmap_lay_out(struct tri_core *core, const struct tri_config *config, uintptr_t at);

#endif /* MMCORE_ZONE_H */
