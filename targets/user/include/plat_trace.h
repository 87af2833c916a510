/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plat_trace.h - who listens to a point, in user space: each is a USDT probe of provider trimm,
 * with a semaphore, which the kernel counts up in this process's memory for each tracer that
 * attaches.
 */
#ifndef USER_PLAT_TRACE_H
#define USER_PLAT_TRACE_H

#define PLAT_TRACED(name) POINT_TESTED("w", trimm_##name##_semaphore)

#define POINT1(name, ...) extern unsigned short trimm_##name##_semaphore;
#define POINT2(name, ...) extern unsigned short trimm_##name##_semaphore;
#define POINT3(name, ...) extern unsigned short trimm_##name##_semaphore;
#define POINT4(name, ...) extern unsigned short trimm_##name##_semaphore;
#include "events.def"

/* The red zone. */
#define POINT_STEP "lea -128(%%rsp), %%rsp\n\t"
#define POINT_BACK "+128"
/* A test's function for a point may call what uses them. */
#define POINT_CLOBBERS                                                                             \
	, "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
		"xmm11", "xmm12", "xmm13", "xmm14", "xmm15"
#include "point_call.h"

#endif /* USER_PLAT_TRACE_H */
