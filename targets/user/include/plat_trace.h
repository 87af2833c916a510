/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plat_trace.h - who listens to a point, in user space: each is a USDT probe of provider trimm,
 * with a semaphore, which the kernel counts up in this process's memory for each tracer that
 * attaches.
 */
#ifndef USER_PLAT_TRACE_H
#define USER_PLAT_TRACE_H

#define PLAT_TRACED(name) POINT_TESTED("w", trimm_##name##_semaphore)

/* The red zone. */
#define POINT_STEP	 "lea -128(%%rsp), %%rsp\n\t"
#define POINT_TELL(name) "call trimm_point_" #name
#define POINT_BACK	 "+128"
/* A test's function for a point may call what uses them. */
#define POINT_CLOBBERS                                                                             \
	, "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
		"xmm11", "xmm12", "xmm13", "xmm14", "xmm15"
#include "point_call.h"

#define POINT1(name, about, t1, f1)                     \
	extern unsigned short trimm_##name##_semaphore; \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1) POINT_KEEPS;
#define POINT2(name, about, t1, f1, t2, f2)             \
	extern unsigned short trimm_##name##_semaphore; \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1, point_##t2 f2) POINT_KEEPS;
#define POINT3(name, about, t1, f1, t2, f2, t3, f3)                                         \
	extern unsigned short trimm_##name##_semaphore;                                     \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1, point_##t2 f2, point_##t3 f3) \
		POINT_KEEPS;
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4)                                 \
	extern unsigned short trimm_##name##_semaphore;                                     \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1, point_##t2 f2, point_##t3 f3, \
				point_##t4 f4) POINT_KEEPS;
#include "events.def"

#endif /* USER_PLAT_TRACE_H */
