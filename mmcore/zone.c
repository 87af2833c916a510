/* SPDX-License-Identifier: GPL-2.0-only */
/* zone.c - bound the zones, fill them, and call the policy that keeps their free frames. */
#include "core.h"

size_t zones_bytes(const struct tri_core *core)
{
	return core->frames.sections * (SECTION_FRAMES / PAGEBLOCK_FRAMES);
}

enum zone_number zone_of_pfn(const unsigned long end[ZONE_NORMAL], unsigned long pfn)
{
	if (pfn < end[ZONE_DMA])
		return ZONE_DMA;
	return pfn < end[ZONE_DMA32] ? ZONE_DMA32 : ZONE_NORMAL;
}

enum zone_number zone_allowed(tri_gfp_t gfp)
{
	if (gfp & TRI_GFP_DMA)
		return ZONE_DMA;
	return gfp & TRI_GFP_DMA32 ? ZONE_DMA32 : ZONE_NORMAL;
}

/* A switch, so that a policy costs a predictable branch and not an indirect call. */
struct frame *zone_take(struct tri_core *core, struct zone *zone, unsigned int order,
			enum migratetype type)
{
	switch (core->policy[TRI_QUESTION_pages]) {
#define POLICY_pages(answer, text, about) \
	case TRI_POLICY_pages_##answer:   \
		return pages_##answer##_take(core, zone, order, type);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown policy of pages");
	}
}

unsigned long zone_take_bulk(struct tri_core *core, struct zone *zone, enum migratetype type,
			     uint32_t *pfn, unsigned long n)
{
	switch (core->policy[TRI_QUESTION_pages]) {
#define POLICY_pages(answer, text, about) \
	case TRI_POLICY_pages_##answer:   \
		return pages_##answer##_take_bulk(core, zone, type, pfn, n);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown policy of pages");
	}
}

void zone_put(struct tri_core *core, struct zone *zone, struct frame *frame, unsigned int order)
{
	switch (core->policy[TRI_QUESTION_pages]) {
#define POLICY_pages(answer, text, about)                       \
	case TRI_POLICY_pages_##answer:                         \
		pages_##answer##_put(core, zone, frame, order); \
		return;
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown policy of pages");
	}
}

void zone_put_bulk(struct tri_core *core, struct zone *zone, const uint32_t *pfn, unsigned long n)
{
	switch (core->policy[TRI_QUESTION_pages]) {
#define POLICY_pages(answer, text, about)                      \
	case TRI_POLICY_pages_##answer:                        \
		pages_##answer##_put_bulk(core, zone, pfn, n); \
		return;
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown policy of pages");
	}
}

unsigned long zone_free(struct tri_core *core, struct zone *zone)
{
	switch (core->policy[TRI_QUESTION_pages]) {
#define POLICY_pages(answer, text, about) \
	case TRI_POLICY_pages_##answer:   \
		return pages_##answer##_free(core, zone);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown policy of pages");
	}
}

void zone_count(struct tri_core *core, struct zone *zone, zone_blocks count)
{
	memset(count, 0, sizeof(zone_blocks));
	switch (core->policy[TRI_QUESTION_pages]) {
#define POLICY_pages(answer, text, about)                  \
	case TRI_POLICY_pages_##answer:                    \
		pages_##answer##_count(core, zone, count); \
		return;
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown policy of pages");
	}
}

void tri_free_blocks_read(struct tri_core *core, unsigned long count[TRI_MAX_ORDER + 1])
{
	memset(count, 0, (TRI_MAX_ORDER + 1) * sizeof(count[0]));
	for (int i = 0; i < ZONES; i++) {
		zone_blocks of_zone;

		if (!core->zones.zone[i].managed)
			continue;
		zone_count(core, &core->zones.zone[i], of_zone);
		for (int type = 0; type < MIGRATE_TYPES; type++)
			for (unsigned int order = 0; order <= TRI_MAX_ORDER; order++)
				count[order] += of_zone[type][order];
	}
}

unsigned long zone_free_exact(struct tri_core *core, struct zone *zone)
{
	switch (core->policy[TRI_QUESTION_pages]) {
#define POLICY_pages(answer, text, about) \
	case TRI_POLICY_pages_##answer:   \
		return pages_##answer##_free_exact(core, zone);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown policy of pages");
	}
}

unsigned long zones_free(struct tri_core *core)
{
	unsigned long free = 0;

	for (int i = 0; i < ZONES; i++)
		free += zone_free_exact(core, &core->zones.zone[i]);
	return free;
}

static bool uses_lists(struct tri_core *core)
{
	switch (core->policy[TRI_QUESTION_pages]) {
#define POLICY_pages(answer, text, about) \
	case TRI_POLICY_pages_##answer:   \
		return pages_##answer##_uses_lists();
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown policy of pages");
	}
}

static void zone_init(struct tri_core *core, struct zone *zone)
{
	switch (core->policy[TRI_QUESTION_pages]) {
#define POLICY_pages(answer, text, about)          \
	case TRI_POLICY_pages_##answer:            \
		pages_##answer##_init(core, zone); \
		return;
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown policy of pages");
	}
}

void zones_measure(const struct tri_config *config, unsigned long managed[ZONES])
{
	for (int i = 0; i < ZONES; i++)
		managed[i] = 0;
	for (unsigned int i = 0; i < config->nr_runs; i++) {
		const struct tri_run *run = &config->runs[i];

		for (unsigned long at = 0; at < run->count; at += SECTION_FRAMES) {
			unsigned long rest = run->count - at;

			managed[zone_of_pfn(config->zone_end, run->first + at)] +=
				rest < SECTION_FRAMES ? rest : SECTION_FRAMES;
		}
	}
}

/* Give each zone the two bits by which requests and frames name it. */
static void name_zones(struct zones *zones)
{
	unsigned int place[ZONES] = {
		[ZONE_DMA] = TRI_GFP_DMA,
		[ZONE_DMA32] = TRI_GFP_DMA32,
	};

	zones->highest = ZONE_NORMAL;
	while (zones->highest && !zones->zone[zones->highest].managed)
		zones->highest--;
	zones->top = &zones->zone[zones->highest];
	place[zones->highest] = 0;
	/* A request names the highest zone that will do, and that may lie above all there are. */
	zones->of_place[TRI_GFP_DMA32] = zones->highest < ZONE_DMA32 ? ZONE_DMA : ZONE_DMA32;
	for (int i = 0; i <= (int)zones->highest; i++) {
		zones->zone[i].number = i;
		zones->zone[i].place = place[i];
		zones->of_place[place[i]] = i;
	}
}

/* Whole sections, and the binary digits of what is left, so that all are aligned. */
static void put_run(struct tri_core *core, const struct tri_config *config,
		    const struct tri_run *run)
{
	unsigned long left = run->count;

	/* From above, so that the lowest come to stand first in the lists. */
	while (left) {
		unsigned int order = (unsigned int)__builtin_ctzl(left);
		struct zone *zone;

		if (order > TRI_MAX_ORDER)
			order = TRI_MAX_ORDER;
		left -= 1UL << order;
		zone = &core->zones.zone[zone_of_pfn(config->zone_end, run->first + left)];
		zone_put(core, zone, frame_at(&core->frames, run->first + left), order);
	}
}

void zones_init(struct tri_core *core, const struct tri_config *config)
{
	struct zones *zones = &core->zones;
	unsigned long managed[ZONES];

	/* As Linux starts: what can't move has to claim its pageblocks first. */
	memset(zones->pageblock, MIGRATE_MOVABLE, zones_bytes(core));
	memcpy(zones->end, config->zone_end, sizeof(zones->end));
	zones_measure(config, managed);
	for (int i = 0; i < ZONES; i++)
		zones->zone[i].managed = managed[i];
	name_zones(zones);
	zones->direct = !uses_lists(core);
	zones->detour = (zones->direct ? DETOUR_DIRECT : 0) |
			(core->tunable[TRI_TUNABLE_init_on_alloc] ? DETOUR_INIT_ALLOC : 0) |
			(core->tunable[TRI_TUNABLE_init_on_free] ? DETOUR_INIT_FREE : 0);
	for (int i = 0; i < ZONES; i++)
		zone_init(core, &zones->zone[i]);
	for (unsigned int i = config->nr_runs; i-- > 0;)
		put_run(core, config, &config->runs[i]);
}
