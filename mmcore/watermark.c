/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * watermark.c - how many frames stay free for those who can't wait.
 *
 * Each zone has three marks. Down to low everybody is served. Then background reclaim would
 * be woken (a target without it has direct reclaim alone), and requests may go on down to min,
 * HIGH ones to half of it, HIGH ones that can't reclaim to 3/8, and MEMALLOC, whose caller
 * frees memory, to nothing. The sum of all min marks is min_free_kbytes, each zone's share in
 * proportion to its frames; low and high lie a quarter of min above each other, or 0.1 % of the
 * zone if that is more. Lower zones keep a reserve from requests that could do with a higher
 * one: the frames above it divided by a ratio. All as Linux, mm/page_alloc.c of 6.12:
 * calculate_min_free_kbytes(), __setup_per_zone_wmarks(), setup_per_zone_lowmem_reserve(),
 * gfp_to_alloc_flags(), __zone_watermark_ok().
 *
 * Differs from Linux: frames on this CPU's list are handed out without a look at the marks, so
 * that the fast path does not pay; instead a refill takes no more than lies above the low mark,
 * and below it none is made. No highatomic reserve, no boosting.
 */
#include "core.h"

/* Linux's sysctl_lowmem_reserve_ratio; nothing lies above NORMAL. More: less is kept back. */
static const unsigned int reserve_ratio[ZONES] = {256, 256, 32};

/* Linux's watermark_scale_factor: the least distance of marks, in 1/10,000 of the zone. */
#define MARK_DISTANCE 10

#define KIB_PER_PAGE (TRI_PAGE_SIZE / 1024)

static unsigned long square_root(unsigned long n)
{
	unsigned long root = 0;

	for (unsigned long bit = 1UL << 31; bit; bit >>= 1) {
		if ((root + bit) * (root + bit) <= n)
			root += bit;
	}
	return root;
}

/* 4 x the square root of the memory, both in KiB: 128 KiB for 1 MiB, 4 MiB for 1 GiB. */
static unsigned long min_free_default(unsigned long frames)
{
	unsigned long kib = square_root(frames * KIB_PER_PAGE * 16);

	if (kib < 128)
		return 128;
	return kib < 256 * 1024 ? kib : 256 * 1024;
}

static void set_marks(struct zone *zone, unsigned long min_free, unsigned long frames)
{
	unsigned long min = min_free / KIB_PER_PAGE * zone->managed / frames;
	unsigned long distance = zone->managed * MARK_DISTANCE / 10000;

	if (distance < min / 4)
		distance = min / 4;
	zone->watermark[WATERMARK_MIN] = min;
	zone->watermark[WATERMARK_LOW] = min + distance;
	zone->watermark[WATERMARK_HIGH] = min + 2 * distance;
}

void watermarks_init(struct tri_core *core)
{
	unsigned long *min_free = &core->tunable[TRI_TUNABLE_min_free_kbytes];
	struct zone *zone = core->zones.zone;

	if (!*min_free)
		*min_free = min_free_default(core->frames.count);
	for (int i = 0; i < ZONES; i++) {
		unsigned long above = 0;

		set_marks(&zone[i], *min_free, core->frames.count);
		for (int j = i + 1; j < ZONES; j++) {
			above += zone[j].managed;
			zone[i].reserve[j] = zone[i].managed ? above / reserve_ratio[i] : 0;
		}
		zone[i].far = zone[i].watermark[WATERMARK_HIGH] + zone[i].reserve[ZONE_NORMAL] +
			      SECTION_FRAMES;
	}
}

unsigned long watermark_room(struct tri_core *core, struct zone *zone, enum watermark mark,
			     tri_gfp_t gfp)
{
	unsigned long free = zone_free(core, zone), keep = zone->watermark[mark];

	if (mark == WATERMARK_MIN) {
		if (gfp & TRI_GFP_MEMALLOC)
			return free;
		if (gfp & TRI_GFP_HIGH) {
			keep -= keep / 2;
			if (!(gfp & TRI_GFP_DIRECT_RECLAIM))
				keep -= keep / 4;
		}
	}
	keep += zone->reserve[zone_allowed(gfp)];
	return free > keep ? free - keep : 0;
}
