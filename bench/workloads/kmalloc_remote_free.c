/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmalloc_remote_free.c - all workers but the first allocate count= objects of size= bytes each,
 * then the first frees them all: no object is freed where it came from. After the "N*remote free"
 * of slab_test of prototype-kernel (C. Lameter, M. Desnoyers, 2009), where sizes are 8, 16 .. 4096
 * and who frees writes to the object first. What is asked for n times is the whole test.
 */
#include "drive.h"

enum { SIZE, COUNT };

static const struct workload_param params[] = {
	{"size", "bytes", "size of every object", 64, 1, 4UL << 20},
	{"count", "objects", "each of the others allocates", 10000, 1, BENCH_OBJECTS},
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	unsigned int cpus = worker->arm->cpus, most = BENCH_OPS_MAX / (cpus + 2), made = 0;
	struct bench_op each = {.kind = DRIVE_ALLOC | DRIVE_TOUCH | DRIVE_BURST,
				.order = worker->slot,
				.size = bench_value(worker->arm, SIZE)};

	for (unsigned int i = 0; i < n && i < most; i++) {
		if (worker->slot)
			ops[made++] = each;
		ops[made++] = (struct bench_op){.kind = DRIVE_MEET};
		for (unsigned int from = 1; !worker->slot && from < cpus; from++) {
			each.kind = DRIVE_FREE | DRIVE_TOUCH | DRIVE_BURST;
			each.order = from;
			ops[made++] = each;
		}
		ops[made++] = (struct bench_op){.kind = DRIVE_MEET};
	}
	return made;
}

const struct workload workload_kmalloc_remote_free = {
	.name = "kmalloc-remote-free",
	.about = "all other CPUs allocate, then CPU 0 frees everything",
	.origin = "prototype-kernel, mm/slab_test.c",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 2,
	.family = SUBJECT_KMALLOC,
	.metrics = bench_metrics_alloc_free,
	.setup = drive_burst_setup,
	.generate = generate,
	.work = drive_work,
	.exact_ops = drive_once,
	.hold = drive_hold,
	.teardown = drive_teardown,
};
