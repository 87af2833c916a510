/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * points.c - the tracepoints of points.h, and what mmcore's calls come to where somebody listens:
 * all that Linux does at a tracepoint is here, once, instead of wherever one is.
 */
#include "platform.h"
#include "trace_arm.h"

#define CREATE_TRACE_POINTS
#include "points.h"

#define POINT1(name, about, t1, f1)           \
	void plat_trace_##name(point_##t1 f1) \
	{                                     \
		trace_##name(f1);             \
	}
#define POINT2(name, about, t1, f1, t2, f2)                  \
	void plat_trace_##name(point_##t1 f1, point_##t2 f2) \
	{                                                    \
		trace_##name(f1, f2);                        \
	}
#define POINT3(name, about, t1, f1, t2, f2, t3, f3)                         \
	void plat_trace_##name(point_##t1 f1, point_##t2 f2, point_##t3 f3) \
	{                                                                   \
		trace_##name(f1, f2, f3);                                   \
	}
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4)                                \
	void plat_trace_##name(point_##t1 f1, point_##t2 f2, point_##t3 f3, point_##t4 f4) \
	{                                                                                  \
		trace_##name(f1, f2, f3, f4);                                              \
	}
#include "events.def"

void target_trace_arm(long bench)
{
	trace_arm(bench);
}
