/* SPDX-License-Identifier: GPL-2.0-only */
/* model_trace.c - see model_trace.h. */
#include <string.h>

#include "model_trace.h"
#include "platform.h"

struct model_heard model_heard[TRI_POINT_COUNT];

const char *const model_point_name[TRI_POINT_COUNT] = {
#define POINT1(name, ...) #name,
#define POINT2(name, ...) #name,
#define POINT3(name, ...) #name,
#define POINT4(name, ...) #name,
#include "events.def"
};

static unsigned short *const semaphore[TRI_POINT_COUNT] = {
#define POINT1(name, ...) &trimm_##name##_semaphore,
#define POINT2(name, ...) &trimm_##name##_semaphore,
#define POINT3(name, ...) &trimm_##name##_semaphore,
#define POINT4(name, ...) &trimm_##name##_semaphore,
#include "events.def"
};

void model_listen(bool on)
{
	if (on)
		memset(model_heard, 0, sizeof(model_heard));
	for (int point = 0; point < TRI_POINT_COUNT; point++)
		*semaphore[point] = on;
}

static __attribute__((noinline)) void hear(enum tri_point point, unsigned long f1, unsigned long f2,
					   unsigned long f3, unsigned long f4)
{
	const unsigned long field[TRI_POINT_FIELDS] = {f1, f2, f3, f4};
	struct model_heard *heard = &model_heard[point];

	__atomic_fetch_add(&heard->count, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < TRI_POINT_FIELDS; i++) {
		__atomic_fetch_add(&heard->sum[i], field[i], __ATOMIC_RELAXED);
		__atomic_store_n(&heard->last[i], field[i], __ATOMIC_RELAXED);
	}
}

#define POINT1(name, about, t1, f1)                              \
	unsigned short trimm_##name##_semaphore;                 \
	void trimm_point_##name(POINT_SKIPPED, unsigned long f1) \
	{                                                        \
		hear(TRI_POINT_##name, f1, 0, 0, 0);             \
	}
#define POINT2(name, about, t1, f1, t2, f2)                                        \
	unsigned short trimm_##name##_semaphore;                                   \
	void trimm_point_##name(POINT_SKIPPED, unsigned long f1, unsigned long f2) \
	{                                                                          \
		hear(TRI_POINT_##name, f1, f2, 0, 0);                              \
	}
#define POINT3(name, about, t1, f1, t2, f2, t3, f3)                                \
	unsigned short trimm_##name##_semaphore;                                   \
	void trimm_point_##name(POINT_SKIPPED, unsigned long f1, unsigned long f2, \
				unsigned long f3)                                  \
	{                                                                          \
		hear(TRI_POINT_##name, f1, f2, f3, 0);                             \
	}
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4)                        \
	unsigned short trimm_##name##_semaphore;                                   \
	void trimm_point_##name(POINT_SKIPPED, unsigned long f1, unsigned long f2, \
				unsigned long f3, unsigned long f4)                \
	{                                                                          \
		hear(TRI_POINT_##name, f1, f2, f3, f4);                            \
	}
#include "events.def"
