/* SPDX-License-Identifier: GPL-2.0-only */
/* ring.c - see ring.h. */
#include "ring.h"
#include "levels.h"

/* What goes through the ring in place of an object that could not be had. */
static char none;

unsigned int ring_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.kind = worker->slot % 2,
					   .size = bench_value(worker->arm, RING_WHAT)};
	return n;
}

static unsigned int ring_places(const struct bench_arm *arm)
{
	return 1U << (31 - __builtin_clz((unsigned int)bench_value(arm, RING_PLACES)));
}

BENCH_INLINE void produce(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
			  const enum bench_timing timed)
{
	bool counts = levels_wanted(worker);
	unsigned int mask = ring_places(worker->arm) - 1;

	for (unsigned int i = 0; i < n; i++) {
		void **place = &worker->objects[i & mask];
		void *memory = bench_alloc(worker, METRIC_ALLOC, ops[i].size, timed);

		worker->failed += !memory;
		if (counts && memory)
			levels_count(worker);
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

/* The worker's side of @n objects. */
BENCH_INLINE void pass(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		       const enum bench_timing timed)
{
	if (worker->slot % 2)
		consume(worker, worker->arm->workers[worker->slot - 1].objects, ops, n, timed);
	else
		produce(worker, ops, n, timed);
}
BENCH_WORK(pass)

/* Workers that take turns fill the ring, then empty it: nobody may wait within a turn. */
void ring_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	unsigned int at_once = worker->team->turns ? ring_places(worker->arm) : n;
	bool consumer = worker->slot % 2, alone = worker->slot == (worker->arm->cpus & ~1U);

	for (unsigned int done = 0, now; done < n; done += now) {
		now = n - done < at_once ? n - done : at_once;
		if (!consumer && !alone)
			work(worker, ops + done, now);
		if (worker->team->turns)
			bench_barrier(worker);
		if (consumer)
			work(worker, ops + done, now);
		if (worker->team->turns)
			bench_barrier(worker);
	}
	if (consumer || alone)
		worker->ops = 0;
}
