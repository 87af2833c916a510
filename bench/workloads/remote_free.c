/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * remote_free.c - every even worker allocates, the odd one after it frees: what it costs that
 * memory comes back on another CPU. Objects of size= bytes go through a ring of ring= places;
 * a place is its own flag, NULL when empty, so that the two share no index (Giacomoni, Moseley,
 * Vachharajani, "FastForward for efficient pipeline parallelism", 2008). One operation is the
 * life of one object. A worker without partner stands by. size is in bytes.
 */
#include "hold.h"

enum { SIZE, RING };

static const struct workload_param params[] = {
	{"size", "bytes", "size of every object", 64, 1, 1UL << 20},
	{"ring", "objects", "objects on their way at most, rounded down to a power of two", 256, 1,
	 4096},
	{0},
};

/* What goes through the ring in place of an object that could not be had. */
static char none;

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.kind = worker->slot % 2,
					   .size = bench_value(worker->arm, SIZE)};
	return n;
}

static unsigned int ring_places(const struct bench_arm *arm)
{
	return 1U << (31 - __builtin_clz((unsigned int)bench_value(arm, RING)));
}

BENCH_INLINE void produce(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
			  const enum bench_timing timed)
{
	unsigned int mask = ring_places(worker->arm) - 1;

	for (unsigned int i = 0; i < n; i++) {
		void **place = &worker->objects[i & mask];
		void *memory = bench_alloc(worker, METRIC_ALLOC, ops[i].size, timed);

		worker->failed += !memory;
		for (unsigned long spins = 0; __atomic_load_n(place, __ATOMIC_ACQUIRE); spins++)
			host_relax(spins);
		__atomic_store_n(place, memory ?: &none, __ATOMIC_RELEASE);
	}
}

BENCH_INLINE void consume(struct bench_worker *worker, void **ring, const struct bench_op *ops,
			  unsigned int n, const enum bench_timing timed)
{
	unsigned int mask = ring_places(worker->arm) - 1;

	for (unsigned int i = 0; i < n; i++) {
		void **place = &ring[i & mask], *memory;

		for (unsigned long spins = 0; !(memory = __atomic_load_n(place, __ATOMIC_ACQUIRE));
		     spins++)
			host_relax(spins);
		__atomic_store_n(place, NULL, __ATOMIC_RELEASE);
		if (memory != &none)
			bench_free(worker, METRIC_FREE, memory, ops[i].size, timed);
	}
}

/* Workers that take turns fill the ring, then empty it: nobody may wait within a turn. */
BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	unsigned int at_once = worker->team->turns ? ring_places(worker->arm) : n;
	bool consumer = worker->slot % 2, alone = worker->slot == (worker->arm->cpus & ~1U);

	for (unsigned int done = 0, now; done < n; done += now) {
		now = n - done < at_once ? n - done : at_once;
		if (!consumer && !alone)
			produce(worker, ops + done, now, timed);
		if (worker->team->turns)
			bench_barrier(worker);
		if (consumer)
			consume(worker, worker->arm->workers[worker->slot - 1].objects, ops + done,
				now, timed);
		if (worker->team->turns)
			bench_barrier(worker);
	}
	if (consumer || alone)
		worker->ops = 0;
}
BENCH_WORK(run)

static void hold(struct bench_arm *arm, struct bench_hold *out)
{
	hold_fill(arm, bench_value(arm, SIZE), bench_value(arm, SIZE), out);
}

const struct workload workload_remote_free = {
	.name = "remote-free",
	.about = "one CPU allocates, another frees, through a bounded ring",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 2,
	.family = SUBJECT_KMALLOC,
	.slices = true,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = work,
	.hold = hold,
};
