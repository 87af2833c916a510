/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * extras.h - the counters that a case asks its target for by name (host.h, host_extras()): read by
 * each worker at both ends of its share of a slice, so that an arm has its own and no waiting is
 * in it; summed up block by block. Without any, all of these return at once.
 */
#ifndef BENCH_EXTRAS_H
#define BENCH_EXTRAS_H

#include "case.h"

/* Memory for the sums of an arm; -ENOMEM. */
int extras_alloc(struct bench_case *bench, struct arm_state *arm);
/* Around what is counted for @arm, on the slot that does it. */
static inline void extras_begin(const struct bench_case *bench)
{
	if (bench->nr_extras)
		host_extras_begin();
}
static inline void extras_end(const struct bench_case *bench, struct arm_state *arm,
			      unsigned int slot)
{
	if (bench->nr_extras)
		host_extras_end(arm->extra_block + slot * bench->nr_extras);
}
/* A block of @arm begins, with nothing; it was whole, without probes, and is part of the results.
 */
void extras_drop_block(const struct bench_case *bench, struct arm_state *arm);
void extras_take_block(const struct bench_case *bench, struct arm_state *arm);
/* Counter @which of @arm, of all workers, each scaled by itself. */
struct host_extra_count extras_sum(const struct bench_case *bench, const struct arm_state *arm,
				   unsigned int which);

/*
 * What @value, counted for @running of @enabled ns, would have been in all of them, if it came
 * evenly: value * enabled / running, to 31 bits, without 128-bit division, which kernels lack. 0 if
 * it never ran.
 */
static inline uint64_t extras_scale(uint64_t value, uint64_t enabled, uint64_t running)
{
	if (running >= enabled || !running)
		return running ? value : 0;
	while (enabled >> 32) {
		enabled >>= 1;
		running >>= 1;
	}
	if (!running)
		return 0;
	return value / running * enabled + value % running * enabled / running;
}

#endif /* BENCH_EXTRAS_H */
