/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sh6bench.c - a buffer of calls= objects is filled again and again with sizes of size_min= to
 * size_max= bytes, small ones most; when it is full all but a fifth of it is freed, the lower part
 * oldest first, the upper newest first, and that fifth is another each time. After MicroQuill's
 * SmartHeap benchmark (2000), whose source may not be copied: from the description in Theseus's
 * heap_eval/src/shbench.rs. mimalloc-bench runs it with 1 to 1000 bytes, 10,000 calls
 * (sh6bench.patch) and 2 N threads, here cpus=. There the first and last byte are written, here
 * one.
 */
#include "drive.h"

enum { CALLS, SMALLEST, LARGEST };

static const struct workload_param params[] = {
	{"calls", "objects", "the buffer of each worker holds", 10000, 5, BENCH_OBJECTS},
	{"size_min", "bytes", "sizes begin here", 1, 1, 1UL << 20},
	{"size_max", "bytes", "sizes are below this", 1000, 2, 1UL << 20},
	{0},
};

/* Where the stream stands. */
enum { AT, KEPT, SIZES, LEFT };
enum { FILL, FREE_LOWER, FREE_UPPER };

/* Size after size: from each base, which grows by half, down by halves; small ones repeated. */
static uint32_t next_size(struct bench_worker *worker)
{
	uint32_t base = worker->state[SIZES] >> 32, size = (uint32_t)worker->state[SIZES];

	if (worker->state[LEFT]) {
		worker->state[LEFT]--;
		return size;
	}
	size /= 2;
	if (!size) {
		base = base * 3 / 2 + 1;
		if (!worker->state[SIZES] || base >= bench_value(worker->arm, LARGEST))
			base = bench_value(worker->arm, SMALLEST);
		size = base;
	}
	worker->state[SIZES] = (uint64_t)base << 32 | size;
	worker->state[LEFT] = (size < 100 ? 250 : size < 1000 ? 50 : size < 10000 ? 10 : 1) - 1;
	return size;
}

/* The lower half of AT is a slot, the upper what is done; KEPT is those not freed: from, to. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	uint32_t blocks = bench_value(worker->arm, CALLS), at = (uint32_t)worker->state[AT];
	uint32_t from = worker->state[KEPT] >> 32, to = (uint32_t)worker->state[KEPT];
	unsigned int phase = worker->state[AT] >> 32, made = 0;

	while (made < n) {
		struct bench_op op = {.kind = DRIVE_FREE, .order = worker->slot};

		if (phase == FILL && at == from && from < to)
			at = to;
		if (phase == FILL && at == blocks) {
			from = to < blocks ? to : 0;
			to = from + blocks / 5 < blocks ? from + blocks / 5 : blocks;
			phase = FREE_LOWER;
			at = 0;
		}
		if (phase == FREE_LOWER && at == from) {
			phase = FREE_UPPER;
			at = blocks;
		}
		if (phase == FREE_UPPER && at == to) {
			phase = FILL;
			at = 0;
			continue;
		}
		op.slot = phase == FREE_UPPER ? --at : at++;
		if (phase == FILL) {
			op.kind = DRIVE_ALLOC | DRIVE_TOUCH;
			op.size = next_size(worker);
		}
		ops[made++] = op;
	}
	worker->state[AT] = (uint64_t)phase << 32 | at;
	worker->state[KEPT] = (uint64_t)from << 32 | to;
	return made;
}

/* To fill and free it twice. */
static unsigned long exact_ops(const struct bench_arm *arm)
{
	return 4 * bench_value(arm, CALLS);
}

const struct workload workload_sh6bench = {
	.name = "sh6bench",
	.about = "fill a buffer with objects, small ones most, then free all but a fifth",
	.origin = "mimalloc-bench, sh6bench",
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
