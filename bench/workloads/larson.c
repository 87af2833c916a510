/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * larson.c - a server: each worker holds chunks= objects of size_min= to size_max= bytes, replaces
 * one at random, and after rounds= * chunks= of that hands all it holds to the next worker. After
 * Larson and Krishnan, "Memory allocation for long-running server applications" (1998), as
 * mimalloc-bench runs it: larson 5 8 1000 5000 100 4141 N.
 *
 * There a thread ends after its rounds and a new one takes its objects over; here workers stay and
 * objects go round. There 5 is seconds, here operations are counted; 4141 is the seed, here seed=.
 * Objects are made by another than who first replaces them, as there.
 */
#include "drive.h"

enum { SMALLEST, LARGEST, CHUNKS, ROUNDS };

static const struct workload_param params[] = {
	{"size_min", "bytes", "smallest object", 8, 1, 1UL << 20},
	{"size_max", "bytes", "sizes are below this, all alike likely", 1000, 1, 1UL << 20},
	{"chunks", "objects", "each worker holds", 5000, 1, BENCH_OBJECTS},
	{"rounds", "x chunks", "objects replaced before all are handed on", 100, 1, 100000},
	{0},
};

/* state[0]: objects replaced; the first chunks= of them fill the slots. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	const struct bench_arm *arm = worker->arm;
	uint64_t chunks = bench_value(arm, CHUNKS), life = chunks * bench_value(arm, ROUNDS);
	uint32_t min = bench_value(arm, SMALLEST), max = bench_value(arm, LARGEST);
	unsigned int pairs = n < 2 ? 1 : n / 2, made = 0;

	if (pairs > BENCH_OPS_MAX / 3)
		pairs = BENCH_OPS_MAX / 3;
	while (pairs--) {
		uint64_t at = worker->state[0]++;
		bool fills = at < chunks;
		struct bench_op op = {
			.kind = DRIVE_FREE,
			.order =
				(worker->slot + (fills ? 0 : (at - chunks) / life + 1)) % arm->cpus,
			.slot = fills ? at : bench_random_below(&worker->random, chunks),
			.size = min < max ? min + bench_random_below(&worker->random, max - min)
					  : min,
		};

		if (!fills && (at - chunks) % life == 0)
			ops[made++] = (struct bench_op){.kind = DRIVE_MEET};
		ops[made++] = op;
		op.kind = DRIVE_ALLOC | DRIVE_TOUCH;
		ops[made++] = op;
	}
	return made;
}

/* To fill, be handed on, and replace twice as many. */
static unsigned long exact_ops(const struct bench_arm *arm)
{
	return 6 * bench_value(arm, CHUNKS);
}

const struct workload workload_larson = {
	.name = "larson",
	.about = "a server: replace objects at random, pass them on from CPU to CPU",
	.origin = "mimalloc-bench, larson",
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
