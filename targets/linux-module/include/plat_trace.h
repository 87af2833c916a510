/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plat_trace.h - who listens to a point, inside Linux: each is a tracepoint trimm:NAME (points.h),
 * whose static key is a NOP in the code while nobody does.
 */
#ifndef LINUX_MODULE_PLAT_TRACE_H
#define LINUX_MODULE_PLAT_TRACE_H

#include <linux/tracepoint-defs.h>

#define PLAT_TRACED(name) tracepoint_enabled(name)

#define POINT1(name, about, t1, f1) \
	DECLARE_TRACEPOINT(name);   \
	void plat_trace_##name(point_##t1 f1) __attribute__((cold));
#define POINT2(name, about, t1, f1, t2, f2) \
	DECLARE_TRACEPOINT(name);           \
	void plat_trace_##name(point_##t1 f1, point_##t2 f2) __attribute__((cold));
#define POINT3(name, about, t1, f1, t2, f2, t3, f3) \
	DECLARE_TRACEPOINT(name);                   \
	void plat_trace_##name(point_##t1 f1, point_##t2 f2, point_##t3 f3) __attribute__((cold));
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4)                                \
	DECLARE_TRACEPOINT(name);                                                          \
	void plat_trace_##name(point_##t1 f1, point_##t2 f2, point_##t3 f3, point_##t4 f4) \
		__attribute__((cold));
#include "events.def"

#endif /* LINUX_MODULE_PLAT_TRACE_H */
