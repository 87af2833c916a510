/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rptest.c - in each loop a worker frees some of its allocs= objects, frees what others handed to
 * it, and replaces others of its own; in every cross_rate=th loop it allocates as many once more
 * for another worker. After rpmalloc-benchmark (M. Jansson), as mimalloc-bench runs it: rptest N 0
 * 1 2 500 1000 100 8 16000. In order: threads, here cpus=; random sizes (1, all alike, is
 * size_min=size_max); size_mode=; cross_rate=; loops, here without end; allocs=; ops=; sizes.
 *
 * Of ops= a loop makes 32 to 98 %, frees 0.8 times as many. There slots are walked by primes; here
 * they are drawn. There who is handed a list takes it from a chain; here each object is exchanged
 * for what lies in its place, which who sends frees if it was not fetched yet.
 */
#include "drive.h"

enum { SIZE_MODE, CROSS_RATE, ALLOCS, OPS, SMALLEST, LARGEST };

static const struct workload_param params[] = {
	{"size_mode", "", "0: sizes are all alike likely, 1: larger ones less, 2: much less", 1, 0,
	 2},
	{"cross_rate", "loops",
	 "from one that hands objects to another worker to the next; 0: none", 2, 0, 1000},
	{"allocs", "objects", "each worker holds at most", 1000, 1, 60000},
	{"ops", "objects", "replaced in a loop at most", 100, 1, 1000},
	{"size_min", "bytes", "smallest object", 8, 1, 1UL << 20},
	{"size_max", "bytes", "largest object", 16000, 1, 1UL << 20},
	{0},
};

static uint32_t draw_size(struct bench_worker *worker)
{
	const struct bench_arm *arm = worker->arm;
	uint64_t draw = bench_random(&worker->random), even = draw & 0xffff;
	uint64_t one = draw >> 16 & 0xffff, other = draw >> 32 & 0xffff;
	uint64_t min = bench_value(arm, SMALLEST), max = bench_value(arm, LARGEST);

	if (max < min)
		max = min;
	switch (bench_value(arm, SIZE_MODE)) {
	case 0:
		return min + ((max - min + 1) * even >> 16);
	case 1:
		one = one + other > 0xffff ? one + other - 0xffff : 0xffff - one - other;
		return min + ((max - min + 1) * even * one >> 32);
	default:
		return min + ((max - min + 1) * even * (one * other >> 16) >> 32);
	}
}

static struct bench_op *put(struct bench_op *op, unsigned int kind, unsigned int whose,
			    uint16_t slot, uint32_t size)
{
	*op = (struct bench_op){.kind = kind, .order = whose, .slot = slot, .size = size};
	return op + 1;
}

/* Slots: its own, one to exchange by, and those others put something into. */
static struct bench_op *one_loop(struct bench_worker *worker, struct bench_op *op)
{
	const struct bench_arm *arm = worker->arm;
	uint32_t allocs = bench_value(arm, ALLOCS), most = bench_value(arm, OPS);
	unsigned long rate = bench_value(arm, CROSS_RATE), loop = worker->state[0]++;
	unsigned int self = worker->slot, others = arm->cpus - 1;
	unsigned int some = (most * (32 + bench_random_below(&worker->random, 67)) + 99) / 100;
	bool crosses = rate && others && loop % rate == 0;

	for (unsigned int i = 0; i < some * 4 / 5; i++)
		op = put(op, DRIVE_FREE, self, bench_random_below(&worker->random, allocs), 0);
	for (unsigned int i = 0; crosses && i < most; i++) {
		op = put(op, DRIVE_SWAP, self, allocs, allocs + 1 + i);
		op = put(op, DRIVE_FREE, self, allocs, 0);
	}
	for (unsigned int i = 0; i < some; i++) {
		uint16_t slot = bench_random_below(&worker->random, allocs);

		op = put(op, DRIVE_FREE, self, slot, 0);
		op = put(op, DRIVE_ALLOC | DRIVE_TOUCH, self, slot, draw_size(worker));
	}
	for (unsigned int i = 0; crosses && i < some; i++) {
		unsigned int to = (self + 1 + loop / rate % others) % arm->cpus;

		op = put(op, DRIVE_ALLOC | DRIVE_TOUCH, self, allocs, draw_size(worker));
		op = put(op, DRIVE_SWAP, to, allocs, allocs + 1 + i);
		op = put(op, DRIVE_FREE, self, allocs, 0);
	}
	return op;
}

/* A loop is at most 8 x ops operations. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	struct bench_op *op = ops;

	do
		op = one_loop(worker, op);
	while (op - ops + 8 * bench_value(worker->arm, OPS) <= n);
	return op - ops;
}

const struct workload workload_rptest = {
	.name = "rptest",
	.about = "replace objects of all sizes, hand some to other CPUs",
	.origin = "rpmalloc-benchmark",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_KMALLOC,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = drive_work,
	.teardown = drive_teardown,
};
