/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * points.h - the points of events.def as tracepoints of system trimm, and one of this target's own.
 * For points.c alone. Linux's trace/define_trace.h reads this file several times, each time for
 * another part of them; how a field is shown is its type's.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM trimm

#if !defined(LINUX_MODULE_POINTS_H) || defined(TRACE_HEADER_MULTI_READ)
#define LINUX_MODULE_POINTS_H

#include <linux/tracepoint.h>

#ifndef POINTS_SHOWN
#define POINTS_SHOWN
#define SHOWN_address(field) __entry->field
#define SHOWN_bytes(field)   __entry->field
#define SHOWN_pages(field)   __entry->field
#define SHOWN_order(field)   __entry->field
#define SHOWN_count(field)   __entry->field
#define SHOWN_cpus(field)    __entry->field
#define SHOWN_ticks(field)   __entry->field
#define SHOWN_gfp(field)     __entry->field
#define SHOWN_zone(field)    __print_symbolic(__entry->field, {0, "DMA"}, {1, "DMA32"}, {2, "NORMAL"})
#define SHOWN_migratetype(field) \
	__print_symbolic(__entry->field, {0, "unmovable"}, {1, "movable"}, {2, "reclaimable"})
#endif

#define POINT1(name, about, t1, f1)                                \
	TRACE_EVENT(name, TP_PROTO(unsigned long f1), TP_ARGS(f1), \
		    TP_STRUCT__entry(__field(unsigned long, f1)),  \
		    TP_fast_assign(__entry->f1 = f1;),             \
		    TP_printk(#f1 "=" POINT_FORMAT_##t1, SHOWN_##t1(f1)));
#define POINT2(name, about, t1, f1, t2, f2)                                                  \
	TRACE_EVENT(name, TP_PROTO(unsigned long f1, unsigned long f2), TP_ARGS(f1, f2),     \
		    TP_STRUCT__entry(__field(unsigned long, f1) __field(unsigned long, f2)), \
		    TP_fast_assign(__entry->f1 = f1; __entry->f2 = f2;),                     \
		    TP_printk(#f1 "=" POINT_FORMAT_##t1 " " #f2 "=" POINT_FORMAT_##t2,       \
			      SHOWN_##t1(f1), SHOWN_##t2(f2)));
#define POINT3(name, about, t1, f1, t2, f2, t3, f3)                                        \
	TRACE_EVENT(name, TP_PROTO(unsigned long f1, unsigned long f2, unsigned long f3),  \
		    TP_ARGS(f1, f2, f3),                                                   \
		    TP_STRUCT__entry(__field(unsigned long, f1) __field(unsigned long, f2) \
					     __field(unsigned long, f3)),                  \
		    TP_fast_assign(__entry->f1 = f1; __entry->f2 = f2; __entry->f3 = f3;), \
		    TP_printk(#f1 "=" POINT_FORMAT_##t1 " " #f2 "=" POINT_FORMAT_##t2      \
			      " " #f3 "=" POINT_FORMAT_##t3,                               \
			      SHOWN_##t1(f1), SHOWN_##t2(f2), SHOWN_##t3(f3)));
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4)                                       \
	TRACE_EVENT(                                                                              \
		name,                                                                             \
		TP_PROTO(unsigned long f1, unsigned long f2, unsigned long f3, unsigned long f4), \
		TP_ARGS(f1, f2, f3, f4),                                                          \
		TP_STRUCT__entry(__field(unsigned long, f1) __field(unsigned long, f2)            \
					 __field(unsigned long, f3) __field(unsigned long, f4)),  \
		TP_fast_assign(__entry->f1 = f1; __entry->f2 = f2; __entry->f3 = f3;              \
			       __entry->f4 = f4;),                                                \
		TP_printk(#f1 "=" POINT_FORMAT_##t1 " " #f2 "=" POINT_FORMAT_##t2                 \
			  " " #f3 "=" POINT_FORMAT_##t3 " " #f4 "=" POINT_FORMAT_##t4,            \
			  SHOWN_##t1(f1), SHOWN_##t2(f2), SHOWN_##t3(f3), SHOWN_##t4(f4)));
#include "events.def"

/* Whose slice of the case's time begins, -1: nobody's. */
TRACE_EVENT(arm, TP_PROTO(long bench), TP_ARGS(bench), TP_STRUCT__entry(__field(long, bench)),
	    TP_fast_assign(__entry->bench = bench;), TP_printk("bench=%ld", __entry->bench));

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE points
#include <trace/define_trace.h>
