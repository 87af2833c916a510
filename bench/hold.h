/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hold.h - what requests really hold: many objects allocated, every page of them touched,
 * and then the subject is asked how much memory it keeps from everybody else.
 */
#ifndef BENCH_HOLD_H
#define BENCH_HOLD_H

#include "bench.h"

/*
 * Bytes asked for at least. More: what a library takes once weighs less; less: tests with
 * little memory= still hold it all.
 */
#define HOLD_BYTES (16UL << 20)

/*
 * Keep objects of @min..@max, all alike likely, until HOLD_BYTES are asked for or no more can
 * be had. Bytes; of pages the order, of a cache its objects' size (the cache being state[0]).
 */
void hold_fill(struct bench_arm *arm, uint32_t min, uint32_t max, struct bench_hold *out);
/* One object of @bytes that is held, for workloads that do it themselves. */
void hold_count(struct bench_arm *arm, void *memory, uintptr_t what, unsigned long bytes,
		struct bench_hold *out);

#endif /* BENCH_HOLD_H */
