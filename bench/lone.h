/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lone.h - workloads in which CPU 0 alone works. The other workers wait for the end of its
 * slice, spinning as all do: running CPUs, whom interrupts and flushes reach.
 */
#ifndef BENCH_LONE_H
#define BENCH_LONE_H

#include "round.h"

/* True on the others, which have nothing to do. */
static inline bool lone_stands_by(struct bench_worker *worker)
{
	if (worker->slot)
		worker->ops = 0;
	return worker->slot > 0;
}

/* Operations all alike, of @size. */
static inline unsigned int lone_generate(struct bench_op *ops, unsigned int n, uint32_t size)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.size = size};
	return n;
}

/* generate() and exact_ops() of workloads whose operations have nothing to differ in. */
unsigned int lone_generate_plain(struct bench_worker *worker, struct bench_op *ops, unsigned int n);
unsigned long lone_exact_ops(const struct bench_arm *arm);

/* Of workloads about one live area, kept[0]: their first parameter, setup() and generate(). */
enum { LONE_PAGES };
int lone_area_setup(struct bench_arm *arm);
unsigned int lone_area_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n);

/* Make translations to drop; the slice's time goes on without it. */
static inline void lone_touch(struct bench_worker *worker, void *memory, unsigned long pages)
{
	uint64_t start = plat_ticks();

	bench_touch_first(worker, memory, pages);
	worker->excluded += plat_ticks() - start;
}

#endif /* BENCH_LONE_H */
