/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model_trace.h - who listens to points in tests of mmcore alone: the functions that the user
 * target's probes are, and its semaphores; what is heard is added up.
 */
#ifndef TESTS_MODEL_TRACE_H
#define TESTS_MODEL_TRACE_H

#include "events.h"

#include <stdbool.h>

struct model_heard {
	unsigned long count;
	unsigned long sum[TRI_POINT_FIELDS];
	unsigned long last[TRI_POINT_FIELDS]; /* of one CPU's tests */
};
extern struct model_heard model_heard[TRI_POINT_COUNT];
extern const char *const model_point_name[TRI_POINT_COUNT];

/* Begin with nothing heard, or stop. While no other thread is in mmcore. */
void model_listen(bool on);

#endif /* TESTS_MODEL_TRACE_H */
