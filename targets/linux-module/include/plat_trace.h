/* SPDX-License-Identifier: GPL-2.0-only */
/* plat_trace.h - nobody listens to points here. */
#ifndef LINUX_MODULE_PLAT_TRACE_H
#define LINUX_MODULE_PLAT_TRACE_H

#define PLAT_TRACED(name) false

#define POINT1(name, about, t1, f1)	    void plat_trace_##name(point_##t1 f1);
#define POINT2(name, about, t1, f1, t2, f2) void plat_trace_##name(point_##t1 f1, point_##t2 f2);
#define POINT3(name, about, t1, f1, t2, f2, t3, f3) \
	void plat_trace_##name(point_##t1 f1, point_##t2 f2, point_##t3 f3);
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4) \
	void plat_trace_##name(point_##t1 f1, point_##t2 f2, point_##t3 f3, point_##t4 f4);
#include "events.def"

#endif /* LINUX_MODULE_PLAT_TRACE_H */
