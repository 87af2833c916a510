/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * events.h - what mmcore counts, and the points that tracers hear of: names and meanings, generated
 * from events.def.
 */
#ifndef MMCORE_EVENTS_H
#define MMCORE_EVENTS_H

enum tri_event {
#define EVENT(name, unit, kind, better, about) TRI_EVENT_##name,
#include "events.def"
	TRI_EVENT_COUNT
};

enum tri_event_kind { TRI_SUM, TRI_MAX };
enum tri_better { TRI_BETTER_LOWER, TRI_BETTER_HIGHER, TRI_BETTER_NONE };

struct tri_event_info {
	const char *name, *unit, *about;
	enum tri_event_kind kind;
	enum tri_better better;
};
extern const struct tri_event_info tri_event_info[TRI_EVENT_COUNT];

/* --- Points. Also for programs of BPF: no more is asked of who includes this. --- */

enum tri_point {
#define POINT1(name, ...) TRI_POINT_##name,
#define POINT2(name, ...) TRI_POINT_##name,
#define POINT3(name, ...) TRI_POINT_##name,
#define POINT4(name, ...) TRI_POINT_##name,
#include "events.def"
	TRI_POINT_COUNT
};
#define TRI_POINT_FIELDS 4

/* What a field means. Each travels as an unsigned long. */
typedef unsigned long point_address;	 /* virtual */
typedef unsigned long point_bytes;	 /* of memory */
typedef unsigned long point_pages;	 /* of 4 KiB */
typedef unsigned long point_order;	 /* of a block: 2^order pages */
typedef unsigned long point_count;	 /* of what the field's name says */
typedef unsigned long point_cpus;	 /* how many */
typedef unsigned long point_ticks;	 /* of plat_ticks() */
typedef unsigned long point_gfp;	 /* TRI_GFP_* */
typedef unsigned long point_zone;	 /* enum zone_number: POINT_ZONES */
typedef unsigned long point_migratetype; /* enum migratetype: POINT_MIGRATETYPES */

#define POINT_ZONES	   "DMA", "DMA32", "NORMAL"
#define POINT_MIGRATETYPES "unmovable", "movable", "reclaimable"

/* How printf shows one; %s: its name of those above. */
#define POINT_FORMAT_address	 "0x%lx"
#define POINT_FORMAT_bytes	 "%lu"
#define POINT_FORMAT_pages	 "%lu"
#define POINT_FORMAT_order	 "%lu"
#define POINT_FORMAT_count	 "%lu"
#define POINT_FORMAT_cpus	 "%lu"
#define POINT_FORMAT_ticks	 "%lu"
#define POINT_FORMAT_gfp	 "0x%lx"
#define POINT_FORMAT_zone	 "%s"
#define POINT_FORMAT_migratetype "%s"

#endif /* MMCORE_EVENTS_H */
