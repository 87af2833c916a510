/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probes.c - each point as a USDT probe, trimm:NAME, in a function of its own: so there is one of
 * each name, its arguments are in the registers of a call, and only who is traced executes its NOP.
 * They are called by point_call.h alone.
 */
#include "platform.h"

#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>

/* A NOP of 5 bytes: the kernel emulates it, where it steps over a shorter one: half the time. */
#undef _SDT_NOP
#define _SDT_NOP .nops 5

/* In the section that tracers look for them in. */
#define SEMAPHORE(name) \
	unsigned short trimm_##name##_semaphore __attribute__((used, section(".probes")));

#define POINT1(name, about, t1, f1)                           \
	SEMAPHORE(name)                                       \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1) \
	{                                                     \
		STAP_PROBE1(trimm, name, f1);                 \
	}
#define POINT2(name, about, t1, f1, t2, f2)                                  \
	SEMAPHORE(name)                                                      \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1, point_##t2 f2) \
	{                                                                    \
		STAP_PROBE2(trimm, name, f1, f2);                            \
	}
#define POINT3(name, about, t1, f1, t2, f2, t3, f3)                                         \
	SEMAPHORE(name)                                                                     \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1, point_##t2 f2, point_##t3 f3) \
	{                                                                                   \
		STAP_PROBE3(trimm, name, f1, f2, f3);                                       \
	}
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4)                                 \
	SEMAPHORE(name)                                                                     \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1, point_##t2 f2, point_##t3 f3, \
				point_##t4 f4)                                              \
	{                                                                                   \
		STAP_PROBE4(trimm, name, f1, f2, f3, f4);                                   \
	}
#include "events.def"
