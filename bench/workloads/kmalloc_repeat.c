/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmalloc_repeat.c - each worker allocates count= objects of size= bytes, then frees them all, in
 * the order they came in. After slab_test of prototype-kernel (C. Lameter, M. Desnoyers, 2009): on
 * one CPU its test 1, on all "Kmalloc N*alloc N*free"; sizes there are 8, 16 .. 16384. Whoever has
 * an object writes a byte to it, as there. What is asked for n times is the whole test.
 */
#include "drive.h"

enum { SIZE, COUNT };

static const struct workload_param params[] = {
	{"size", "bytes", "size of every object", 64, 1, 4UL << 20},
	{"count", "objects", "allocated before the first is freed", 10000, 1, BENCH_OBJECTS},
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	n = n < BENCH_OPS_MAX / 2 ? n : BENCH_OPS_MAX / 2;
	for (unsigned int i = 0; i < 2 * n; i++)
		ops[i] = (struct bench_op){
			.kind = (i % 2 ? DRIVE_FREE : DRIVE_ALLOC) | DRIVE_TOUCH | DRIVE_BURST,
			.order = worker->slot,
			.size = bench_value(worker->arm, SIZE),
		};
	return 2 * n;
}

const struct workload workload_kmalloc_repeat = {
	.name = "kmalloc-repeat",
	.about = "allocate many objects, then free them all",
	.origin = "prototype-kernel, mm/slab_test.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_KMALLOC,
	.metrics = bench_metrics_alloc_free,
	.setup = drive_burst_setup,
	.generate = generate,
	.work = drive_work,
	.exact_ops = drive_once,
	.hold = drive_hold,
	.teardown = drive_teardown,
};
