/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * null.c - allocate and free in turn, with no setting and no touch: on the null subject,
 * what remains is the harness. size is in pages.
 */
#include "bench.h"

enum { NULL_ALLOC, NULL_FREE };

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	n = n < 2 ? 2 : n & ~1U;
	for (unsigned int i = 0; i < n; i += 2) {
		uint16_t slot = bench_random_below(&worker->random, 64);

		ops[i] = (struct bench_op){.kind = NULL_ALLOC, .slot = slot, .size = 1};
		ops[i + 1] = (struct bench_op){.kind = NULL_FREE, .slot = slot, .size = 1};
	}
	return n;
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	for (const struct bench_op *op = ops; op < ops + n; op++) {
		if (op->kind == NULL_ALLOC)
			worker->objects[op->slot] =
				bench_alloc(worker, METRIC_ALLOC, op->size * TRI_PAGE_SIZE, timed);
		else
			bench_free(worker, METRIC_FREE, worker->objects[op->slot],
				   op->size * TRI_PAGE_SIZE, timed);
	}
}
BENCH_WORK(run)

const struct workload workload_null = {
	.name = "null",
	.about = "what the harness itself costs",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.min_cpus = 1,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = work,
};
