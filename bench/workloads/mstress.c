/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mstress.c - each worker allocates 100 * scale= objects (the next ones up to eight times as many)
 * of mostly 8 to 128 bytes and half as many of up to 512 that it keeps, frees two of three at
 * random meanwhile and exchanges every fourth with what lies in a table shared by all; then it
 * frees what it has. Of 1,000 places of the table half are emptied from time to time. After
 * mstress of mimalloc-bench (D. Leijen), which runs it as: mstress N 50 25.
 *
 * There 25 is how often all threads are made anew; here rounds follow each other without end, the
 * table is emptied after each of the first worker's, and what is left is freed newest first. There
 * objects are filled and verified; here a byte of each page is written. Of sizes 2 % are 100 times,
 * 0.2 % 1,000 times, and 0.04 % 10,000 times as large: there up to 5 MB, here to largest=.
 */
#include "drive.h"

enum { SCALE, GREATEST };

static const struct workload_param params[] = {
	{"scale", "x 100 objects", "allocated by the first worker in a round", 50, 1, 50},
	{"largest", "bytes", "sizes above are this", 1UL << 20, 512, 4UL << 20},
	{0},
};

#define TABLE 1000
#define WORD  8
/* Where the stream stands: still to allocate and to keep, held and kept, places to look at. */
enum { TO_DO, HELD, PLACES };

static bool chance(struct bench_worker *worker, unsigned int per_cent)
{
	return bench_random_below(&worker->random, 100) <= per_cent;
}

static uint32_t draw_size(struct bench_worker *worker, unsigned int doublings)
{
	uint64_t bytes = WORD << bench_random_below(&worker->random, doublings);

	if (chance(worker, 1))
		bytes *= chance(worker, 1) ? 10000 : chance(worker, 10) ? 1000 : 100;
	return bytes < bench_value(worker->arm, GREATEST) ? bytes
							  : bench_value(worker->arm, GREATEST);
}

static struct bench_op *put(struct bench_op *op, struct bench_worker *worker, unsigned int kind,
			    uint16_t slot, uint32_t size)
{
	*op = (struct bench_op){.kind = kind, .slot = slot, .size = size};
	/* The table is the first worker's last slots. */
	op->order = kind == DRIVE_SWAP ? 0 : worker->slot;
	return op + 1;
}

/* Not more than three operations. */
static struct bench_op *step(struct bench_worker *worker, struct bench_op *op)
{
	struct bench_random *random = &worker->random;
	unsigned long each = 100 * bench_value(worker->arm, SCALE);
	uint32_t all = each * (worker->slot % 8 + 1);
	uint32_t allocs = worker->state[TO_DO] >> 32, keeps = (uint32_t)worker->state[TO_DO];
	uint32_t held = worker->state[HELD] >> 32, kept = (uint32_t)worker->state[HELD];

	if (worker->state[PLACES]) {
		worker->state[PLACES]--;
		if (!chance(worker, 50))
			return op;
		op = put(op, worker, DRIVE_SWAP, 0, BENCH_OBJECTS - 1 - worker->state[PLACES]);
		return put(op, worker, DRIVE_FREE, 0, 0);
	}
	if (!allocs && !keeps && kept) {
		op = put(op, worker, DRIVE_FREE, all + --kept, 0);
	} else if (!allocs && !keeps && held) {
		op = put(op, worker, DRIVE_FREE, --held, 0);
	} else if (!allocs && !keeps) {
		allocs = all;
		keeps = all / 2;
		worker->state[PLACES] = worker->slot ? 0 : TABLE;
	} else {
		if (!keeps || (allocs && chance(worker, 50))) {
			allocs--;
			op = put(op, worker, DRIVE_ALLOC | DRIVE_TOUCH, held++,
				 draw_size(worker, 5));
		} else {
			keeps--;
			op = put(op, worker, DRIVE_ALLOC | DRIVE_TOUCH, all + kept++,
				 draw_size(worker, 7));
		}
		if (held && chance(worker, 66))
			op = put(op, worker, DRIVE_FREE, bench_random_below(random, held), 0);
		if (held && chance(worker, 25))
			op = put(op, worker, DRIVE_SWAP, bench_random_below(random, held),
				 BENCH_OBJECTS - 1 - bench_random_below(random, TABLE));
	}
	worker->state[TO_DO] = (uint64_t)allocs << 32 | keeps;
	worker->state[HELD] = (uint64_t)held << 32 | kept;
	return op;
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	struct bench_op *op = ops;

	do
		op = step(worker, op);
	while (op == ops || op - ops + 3 <= n);
	return op - ops;
}

static unsigned long exact_ops(const struct bench_arm *arm)
{
	return 500 * bench_value(arm, SCALE);
}

const struct workload workload_mstress = {
	.name = "mstress",
	.about = "small objects and few huge ones, a quarter of which change hands",
	.origin = "mimalloc-bench, mstress",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.family = SUBJECT_KMALLOC,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = drive_work,
	.exact_ops = exact_ops,
	.teardown = drive_teardown,
};
