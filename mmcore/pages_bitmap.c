/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pages_bitmap.c - pages=bitmap: the free frames of a zone in a bitmap (bitmap.h), without a
 * lock and without per-CPU lists before it: a CPU's credit is what makes it private.
 *
 * The bitmap's indices are those of the frame structs from the zone's first one on; what lies
 * beyond the end of a run is absent in both. A free frame is INSIDE, whatever it was part of:
 * blocks have no borders until one is taken, so taking or putting a block writes one struct.
 */
#include "core.h"

/* Frame structs of each zone, absent ones included. */
static void measure(const struct tri_config *config, unsigned long frames[ZONES])
{
	for (int i = 0; i < ZONES; i++)
		frames[i] = 0;
	for (unsigned int i = 0; i < config->nr_runs; i++) {
		const struct tri_run *run = &config->runs[i];

		for (unsigned long at = 0; at < run->count; at += SECTION_FRAMES)
			frames[zone_of_pfn(config->zone_end, run->first + at)] += SECTION_FRAMES;
	}
}

size_t pages_bitmap_bytes(const struct tri_config *config)
{
	unsigned long frames[ZONES];
	size_t bytes = 0;

	if (config->policy[TRI_QUESTION_pages] != TRI_POLICY_pages_bitmap)
		return 0;
	measure(config, frames);
	for (int i = 0; i < ZONES; i++)
		bytes += bitmap_bytes(frames[i], config->cpus);
	return bytes;
}

void pages_bitmap_lay_out(struct tri_core *core, const struct tri_config *config, uintptr_t at)
{
	unsigned long frames[ZONES], first = SECTION_FRAMES;

	if (config->policy[TRI_QUESTION_pages] != TRI_POLICY_pages_bitmap)
		return;
	measure(config, frames);
	for (int i = 0; i < ZONES; i++) {
		struct zone *zone = &core->zones.zone[i];

		zone->bitmap_first = first;
		bitmap_init(&zone->bitmap, (void *)at, frames[i], config->cpus);
		first += frames[i];
		at += bitmap_bytes(frames[i], config->cpus);
	}
}

static struct frame *frame_of(struct tri_core *core, const struct zone *zone, unsigned long index)
{
	return &core->frames.frame[zone->bitmap_first + index];
}

static unsigned long index_of(const struct tri_core *core, const struct zone *zone,
			      const struct frame *frame)
{
	return (unsigned long)(frame - core->frames.frame) - zone->bitmap_first;
}

static unsigned int taken_kind(const struct zone *zone, unsigned int order, enum migratetype type)
{
	return FRAME_KIND(FRAME_CACHED, order) |
	       FRAME_PLACE(zone->place | (unsigned int)type << 2) | FRAME_DIRECT;
}

struct frame *pages_bitmap_take(struct tri_core *core, struct zone *zone, unsigned int order,
				enum migratetype type)
{
	unsigned long index = bitmap_get(&zone->bitmap, plat_cpu(), order, type);
	struct frame *frame;

	if (index == BITMAP_NONE)
		return NULL;
	frame = frame_of(core, zone, index);
	frame_set_kind_full(frame, taken_kind(zone, order, type));
	return frame;
}

unsigned long pages_bitmap_take_bulk(struct tri_core *core, struct zone *zone,
				     enum migratetype type, uint32_t *pfn, unsigned long n)
{
	unsigned long index[64], done = 0, got;

	do {
		got = n - done < 64 ? n - done : 64;
		got = bitmap_get_bulk(&zone->bitmap, plat_cpu(), type, got, index);
		for (unsigned long i = 0; i < got; i++) {
			struct frame *frame = frame_of(core, zone, index[i]);

			frame_set_kind_full(frame, taken_kind(zone, 0, type));
			pfn[done++] = frame->pfn;
		}
	} while (got && done < n);
	return done;
}

/* A single frame, of what pages_split() made of a larger block. */
static __attribute__((__noinline__)) void put_split(struct zone *zone, unsigned long index)
{
	bitmap_split(&zone->bitmap, index);
	if (bitmap_put(&zone->bitmap, plat_cpu(), index, 0))
		plat_panic(__FILE__, __LINE__, "pages=bitmap: put a block that was not taken");
}

void pages_bitmap_put(struct tri_core *core, struct zone *zone, struct frame *frame,
		      unsigned int order)
{
	unsigned long index = index_of(core, zone, frame);

	/* While the core starts: until now absent. */
	if (frame_kind(frame) == FRAME_KIND(FRAME_INSIDE, 0)) {
		bitmap_add(&zone->bitmap, index, 1UL << order);
		return;
	}
	frame_set_kind_full(frame, FRAME_KIND(FRAME_INSIDE, 0));
	if (!bitmap_put(&zone->bitmap, plat_cpu(), index, order))
		return;
	if (order)
		plat_panic(__FILE__, __LINE__, "pages=bitmap: put a block that was not taken");
	put_split(zone, index);
}

void pages_bitmap_put_bulk(struct tri_core *core, struct zone *zone, const uint32_t *pfn,
			   unsigned long n)
{
	unsigned long index[64], done = 0;

	while (done < n) {
		unsigned long some = n - done < 64 ? n - done : 64, put;

		for (unsigned long i = 0; i < some; i++) {
			struct frame *frame = frame_at(&core->frames, pfn[done + i]);

			index[i] = index_of(core, zone, frame);
			frame_set_kind_full(frame, FRAME_KIND(FRAME_INSIDE, 0));
		}
		for (unsigned long i = 0; i < some; i += put) {
			put = bitmap_put_bulk(&zone->bitmap, plat_cpu(), some - i, &index[i]);
			if (i + put < some) {
				put_split(zone, index[i + put]);
				put++;
			}
		}
		done += some;
	}
}

unsigned long pages_bitmap_free_exact(struct tri_core *core, struct zone *zone)
{
	(void)core;
	return bitmap_free_count(&zone->bitmap);
}

/* There are no blocks until they are taken: these are the ones that could be. */
void pages_bitmap_count(struct tri_core *core, struct zone *zone, zone_blocks count)
{
	const struct bitmap *bitmap = &zone->bitmap;
	unsigned long at = 0;

	(void)core;
	while (at < bitmap->frames) {
		unsigned int type = bitmap_kind(bitmap, at), order = 0;

		if (!bitmap_is_free(bitmap, at, 0)) {
			at++;
			continue;
		}
		while (order < TRI_MAX_ORDER && !(at >> order & 1) &&
		       at + (2UL << order) <= bitmap->frames &&
		       bitmap_is_free(bitmap, at + (1UL << order), order))
			order++;
		count[type][order]++;
		at += 1UL << order;
	}
}

/* Each allocation asks, for the sake of the watermarks: where they are far, the floor will do. */
unsigned long pages_bitmap_free(struct tri_core *core, struct zone *zone)
{
	return zone_is_far(zone) ? bitmap_free_floor(&zone->bitmap)
				 : pages_bitmap_free_exact(core, zone);
}

bool pages_bitmap_uses_lists(void)
{
	return false;
}

/* pages_bitmap_lay_out() has done it. */
void pages_bitmap_init(struct tri_core *core, struct zone *zone)
{
	(void)core;
	(void)zone;
}
