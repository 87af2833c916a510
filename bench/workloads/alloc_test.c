/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * alloc_test.c - of items= / cpus objects one is drawn, few of them often (80 % of draws meet 20 %
 * of objects, and so on, six times): it is freed if it lives, else allocated. After alloc-test of
 * OLogN Technologies (2018), as mimalloc-bench runs it: alloc-test 1 and N, which has 2^18 items
 * in all. Here a worker holds at most 65,536.
 *
 * Sizes halve in number as they double: 5 to 8 bytes half of them, to 2^size_bits. There objects
 * are filled and read; here one byte is written.
 */
#include "drive.h"

enum { ITEMS, SIZE_BITS };

static const struct workload_param params[] = {
	{"items", "objects", "that may live, of all workers", 1UL << 18, 64, 1UL << 22},
	{"size_bits", "bits", "largest size: 2^size_bits bytes", 10, 4, 20},
	{0},
};

/* Millionths: of draws the first, of objects the last is for those drawn most often. */
static const uint32_t share[] = {262144, 393216, 245760, 81920, 15360, 1536, 64};
#define SHARES 7

static uint32_t items_of(const struct bench_arm *arm)
{
	unsigned long items = bench_value(arm, ITEMS) / arm->cpus;

	return items > BENCH_OBJECTS ? BENCH_OBJECTS : items ? items : 1;
}

static uint32_t draw_item(struct bench_random *random, uint32_t items)
{
	uint32_t draw = bench_random_below(random, 1000000), first = 0, group = 0, n;

	for (; group < SHARES - 1 && draw >= share[group]; group++) {
		draw -= share[group];
		first += (uint64_t)items * share[SHARES - 1 - group] / 1000000;
	}
	n = group == SHARES - 1 ? items - first
				: (uint64_t)items * share[SHARES - 1 - group] / 1000000;
	return first + bench_random_below(random, n ? n : 1);
}

static uint32_t draw_size(struct bench_random *random, unsigned int bits)
{
	uint64_t draw = bench_random(random);
	uint32_t doubled = __builtin_ctz((draw & ((1U << (bits - 3)) - 1)) + 1) + 2;

	return (draw >> 32 & ((1U << doubled) - 1)) + 1 + (1U << doubled);
}

/* state[0]: objects that have been looked at first, one half of which is allocated. */
static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	struct bench_random *random = &worker->random;
	uint32_t items = items_of(worker->arm);
	unsigned int made = 0;

	while (made < n) {
		struct bench_op op = {.kind = DRIVE_TOGGLE | DRIVE_TOUCH, .order = worker->slot};

		if (worker->state[0] >= items) {
			op.slot = draw_item(random, items);
		} else {
			op.slot = worker->state[0]++;
			if (bench_random(random) & 1)
				continue;
		}
		op.size = draw_size(random, bench_value(worker->arm, SIZE_BITS));
		ops[made++] = op;
	}
	return made;
}

/* To fill, and as many draws. */
static unsigned long exact_ops(const struct bench_arm *arm)
{
	return items_of(arm);
}

const struct workload workload_alloc_test = {
	.name = "alloc-test",
	.about = "allocate or free what a draw of 80/20 meets, sizes small by far",
	.origin = "mimalloc-bench, alloc-test",
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
