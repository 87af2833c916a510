/* SPDX-License-Identifier: GPL-2.0-only */
/* scribble.c - see scribble.h. */
#include "scribble.h"

const struct workload_param scribble_params[] = {
	{"size", "bytes", "size of every object", 1, 1, 255},
	{"iterations", "objects", "each worker has one after another, then it begins anew", 1000, 1,
	 1000000},
	{"repetitions", "x size stores", "to an object, divided by the workers", 2000000, 1,
	 10000000},
	{0},
};

const char *const scribble_metrics[] = {"alloc", "free", "write", NULL};

static uint32_t stores(const struct bench_arm *arm)
{
	uint32_t each = bench_value(arm, SCRIBBLE_REPETITIONS) / arm->cpus;

	return (each ? each : 1) * bench_value(arm, SCRIBBLE_SIZE);
}

/* The first worker's slots, which all must have left: each frees that of its number. */
static struct bench_op *hand_out(struct bench_worker *worker, struct bench_op *op,
				 struct bench_op each)
{
	each.order = 0;
	*op++ = (struct bench_op){.kind = DRIVE_MEET};
	for (unsigned int i = 0; !worker->slot && i < worker->arm->cpus; i++) {
		each.slot = i;
		*op++ = each;
	}
	*op++ = (struct bench_op){.kind = DRIVE_MEET};
	each.kind = DRIVE_FREE;
	each.slot = worker->slot;
	*op++ = each;
	return op;
}

/* state[0] counts iterations. */
unsigned int scribble_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n,
			       bool handed)
{
	const struct bench_arm *arm = worker->arm;
	struct bench_op each = {.kind = DRIVE_ALLOC,
				.order = worker->slot,
				.size = bench_value(arm, SCRIBBLE_SIZE)};
	struct bench_op *op = ops;

	/* With all that one iteration may need. */
	do {
		if (handed && worker->state[0] % bench_value(arm, SCRIBBLE_ITERATIONS) == 0)
			op = hand_out(worker, op, each);
		worker->state[0]++;
		*op++ = each;
		*op++ = (struct bench_op){
			.kind = DRIVE_WRITE, .order = each.size, .size = stores(arm)};
		*op = each;
		op++->kind = DRIVE_FREE;
		n -= n < 3 ? n : 3;
	} while (n >= 3 && op - ops + arm->cpus + 6 <= BENCH_OPS_MAX);
	return op - ops;
}

unsigned long scribble_exact_ops(const struct bench_arm *arm)
{
	unsigned long iterations = 2000000 / arm->cpus / stores(arm);

	return iterations > 1000 ? 3000 : iterations ? 3 * iterations : 3;
}
