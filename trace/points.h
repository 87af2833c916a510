/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * points.h - the points of mmcore/events.def for who reads them: programs of BPF, which want their
 * numbers and structs, and programs on the host, which want names. No libc.
 */
#ifndef TRACE_POINTS_H
#define TRACE_POINTS_H

#include "events.h"

/* Of point NAME, struct point_NAME: its fields in order, each a register's size. */
#define POINT1(name, about, t1, f1) \
	struct point_##name {       \
		point_##t1 f1;      \
	};
#define POINT2(name, about, t1, f1, t2, f2) \
	struct point_##name {               \
		point_##t1 f1;              \
		point_##t2 f2;              \
	};
#define POINT3(name, about, t1, f1, t2, f2, t3, f3) \
	struct point_##name {                       \
		point_##t1 f1;                      \
		point_##t2 f2;                      \
		point_##t3 f3;                      \
	};
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4) \
	struct point_##name {                               \
		point_##t1 f1;                              \
		point_##t2 f2;                              \
		point_##t3 f3;                              \
		point_##t4 f4;                              \
	};
#include "events.def"

/* A field's type: POINT_ and that of events.h. */
enum point_type {
	POINT_address,
	POINT_bytes,
	POINT_pages,
	POINT_order,
	POINT_count,
	POINT_cpus,
	POINT_ticks,
	POINT_gfp,
	POINT_zone,
	POINT_migratetype,
};

struct point_info {
	const char *name, *about;
	unsigned int fields;
	struct {
		const char *name;
		enum point_type type;
	} field[TRI_POINT_FIELDS];
};

/* By enum tri_point. */
static const struct point_info point_info[TRI_POINT_COUNT] = {
#define POINT1(name, about, t1, f1) {#name, about, 1, {{#f1, POINT_##t1}}},
#define POINT2(name, about, t1, f1, t2, f2) \
	{#name, about, 2, {{#f1, POINT_##t1}, {#f2, POINT_##t2}}},
#define POINT3(name, about, t1, f1, t2, f2, t3, f3) \
	{#name, about, 3, {{#f1, POINT_##t1}, {#f2, POINT_##t2}, {#f3, POINT_##t3}}},
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4) \
	{#name,                                             \
	 about,                                             \
	 4,                                                 \
	 {{#f1, POINT_##t1}, {#f2, POINT_##t2}, {#f3, POINT_##t3}, {#f4, POINT_##t4}}},
#include "events.def"
};

#endif /* TRACE_POINTS_H */
