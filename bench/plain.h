/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plain.h - timed calls for workloads whose operations take a microsecond and more: one copy of
 * each for all, which asks each time whether to time, where BENCH_WORK makes three of a loop. The
 * same in all arms, it costs some nanoseconds; it keeps a workload's code at a third.
 */
#ifndef BENCH_PLAIN_H
#define BENCH_PLAIN_H

#include "bench.h"

/* NULL is counted as failed. */
void *plain_alloc(struct bench_worker *worker, unsigned int metric, uintptr_t what);
void plain_free(struct bench_worker *worker, unsigned int metric, void *memory, uintptr_t what);
/* One store to each page. Nothing where the subject's memory is none. */
void plain_touch(struct bench_worker *worker, unsigned int metric, void *memory,
		 unsigned long pages);
/* Untimed: the owner's first; nothing of NULL, nor where the subject's memory is none. */
void plain_touch_first(struct bench_worker *worker, void *memory, unsigned long pages);
void plain_barrier(struct bench_worker *worker);

#endif /* BENCH_PLAIN_H */
