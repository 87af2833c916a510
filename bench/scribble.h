/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scribble.h - what cache-scratch and cache-thrash share: allocate a small object, write to it
 * very often, free it. If two CPUs' objects lie in one cache line each write takes the line from
 * the other: false sharing, which the metric "write" shows. After cache-scratch and cache-thrash
 * of the Hoard benchmarks (E. Berger), as mimalloc-bench runs them: N 1000 1 2000000 N, in order:
 * threads, here cpus=; iterations=; size=; repetitions=, which threads divide; threads to be run
 * at once, all here.
 */
#ifndef BENCH_SCRIBBLE_H
#define BENCH_SCRIBBLE_H

#include "drive.h"

enum { SCRIBBLE_SIZE, SCRIBBLE_ITERATIONS, SCRIBBLE_REPETITIONS };

extern const struct workload_param scribble_params[];
extern const char *const scribble_metrics[];

/*
 * Iterations, at least one. With @handed the first worker allocates an object for each before the
 * first of iterations= of them, and each begins by freeing its own.
 */
unsigned int scribble_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n,
			       bool handed);
/* Two million stores of all workers, one iteration at least. */
unsigned long scribble_exact_ops(const struct bench_arm *arm);

#endif /* BENCH_SCRIBBLE_H */
