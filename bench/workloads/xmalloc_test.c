/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * xmalloc_test.c - one half of the workers allocates batches of batch= objects of size= bytes, the
 * other half frees them: nothing is freed where it came from. After C. Lever and D. Boreham,
 * "malloc() Performance in a Multithreaded Linux Environment" (2000), as mimalloc-bench runs it:
 * xmalloc-test -w N -t 5 -s 64.
 *
 * There -w N is N threads of each kind; here N is cpus= / 2, the last of an odd number stands by.
 * There whoever is free takes the batch that came last, from under a lock; here batches of a worker
 * go to all of the other half in turn, and who frees waits for the last object of a batch.
 */
#include "drive.h"

enum { SIZE, BATCH };

static const struct workload_param params[] = {
	{"size", "bytes", "size of every object", 64, 1, 1UL << 20},
	{"batch", "objects", "handed over at a time", 4096, 1, 4096},
	{0},
};

/* state[0] counts batches; slots come again in a later slice at the earliest. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	unsigned int batch = bench_value(worker->arm, BATCH), half = worker->arm->cpus / 2;
	unsigned int slot = worker->slot, made = 0;
	struct bench_op op = {.kind = slot < half ? DRIVE_ALLOC | DRIVE_TOUCH : DRIVE_TAKE,
			      .size = bench_value(worker->arm, SIZE)};

	if (slot == 2 * half) {
		ops[0] = (struct bench_op){.kind = DRIVE_REST};
		return 1;
	}
	do {
		uint64_t at = worker->state[0]++;

		op.order = slot < half ? slot : (slot - half + at) % half;
		for (unsigned int i = 0; i < batch; i++) {
			/* Freed: the last one first. */
			op.slot = at * batch + (slot < half ? i : (i + batch - 1) % batch);
			ops[made++] = op;
		}
	} while (made + batch <= n);
	return made;
}

const struct workload workload_xmalloc_test = {
	.name = "xmalloc-test",
	.about = "half of the CPUs allocate, the other half frees, batch by batch",
	.origin = "mimalloc-bench, xmalloc-test",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 2,
	.family = SUBJECT_KMALLOC,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = drive_work,
	.hold = drive_hold,
	.teardown = drive_teardown,
};
