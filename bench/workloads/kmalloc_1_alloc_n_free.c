/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmalloc_1_alloc_n_free.c - the first worker allocates for all others in turn, each of which frees
 * what it gets as it comes. After the "1 alloc N free" of slab_test of prototype-kernel (C.
 * Lameter, M. Desnoyers, 2009), where it is 10,000 objects of 8, 16 .. 4096 bytes for each; there
 * all but a share of them leak. size is in bytes.
 */
#include "drive.h"

enum { SIZE };

static const struct workload_param params[] = {
	{"size", "bytes", "size of every object", 64, 1, 1UL << 20},
	{0},
};

/* state[0] counts one's own operations. Slots come again in a later slice at the earliest. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	unsigned int others = worker->arm->cpus - 1, rounds = (n < others ? others : n) / others;
	unsigned int made = worker->slot ? rounds : rounds * others;

	for (unsigned int i = 0; i < made; i++) {
		uint64_t at = worker->state[0]++;

		ops[i] = (struct bench_op){
			.kind = (worker->slot ? DRIVE_TAKE : DRIVE_ALLOC) | DRIVE_TOUCH,
			.slot = worker->slot ? at * others + worker->slot - 1 : at,
			.size = bench_value(worker->arm, SIZE)};
	}
	return made;
}

const struct workload workload_kmalloc_1_alloc_n_free = {
	.name = "kmalloc-1-alloc-n-free",
	.about = "CPU 0 allocates for all others, which free as it comes",
	.origin = "prototype-kernel, mm/slab_test.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 2,
	.family = SUBJECT_KMALLOC,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = drive_work,
	.hold = drive_hold,
	.teardown = drive_teardown,
};
