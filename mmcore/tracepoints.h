/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracepoints.h - trace_NAME(field, ...) for each point of events.def: tell tracers, if there are
 * any.
 *
 * With none it costs what the target's PLAT_TRACED() does (platform.h): one load, test and branch,
 * or a NOP. What is known only at a cost, such as ticks, is asked for if trace_NAME_on().
 */
#ifndef MMCORE_TRACEPOINTS_H
#define MMCORE_TRACEPOINTS_H

#include "platform.h"

#define TRACE_GATE(name)                                                          \
	static inline __attribute__((always_inline)) bool trace_##name##_on(void) \
	{                                                                         \
		return __builtin_expect(PLAT_TRACED(name), 0);                    \
	}                                                                         \
	static inline __attribute__((always_inline)) void trace_##name

#define POINT1(name, about, t1, f1)            \
	TRACE_GATE(name)(point_##t1 f1)        \
	{                                      \
		if (trace_##name##_on())       \
			plat_trace_##name(f1); \
	}
#define POINT2(name, about, t1, f1, t2, f2)            \
	TRACE_GATE(name)(point_##t1 f1, point_##t2 f2) \
	{                                              \
		if (trace_##name##_on())               \
			plat_trace_##name(f1, f2);     \
	}
#define POINT3(name, about, t1, f1, t2, f2, t3, f3)                   \
	TRACE_GATE(name)(point_##t1 f1, point_##t2 f2, point_##t3 f3) \
	{                                                             \
		if (trace_##name##_on())                              \
			plat_trace_##name(f1, f2, f3);                \
	}
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4)                          \
	TRACE_GATE(name)(point_##t1 f1, point_##t2 f2, point_##t3 f3, point_##t4 f4) \
	{                                                                            \
		if (trace_##name##_on())                                             \
			plat_trace_##name(f1, f2, f3, f4);                           \
	}
#include "events.def"

#endif /* MMCORE_TRACEPOINTS_H */
