/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bulk_scatter.c - see bulk.h. The pool is stacks of objects, by a hash of the page they lie in:
 * two of different stacks are of different pages. Full stacks flow over into the next.
 */
#include "bulk.h"

#define STACKS 16U
#define DEEP   4000U
_Static_assert(BULK_MOST + STACKS * DEEP + STACKS <= BENCH_OBJECTS, "a worker's slots hold it all");

static unsigned int stack_of(const void *object)
{
	return ((uint64_t)(uintptr_t)object / TRI_PAGE_SIZE * 0x9e3779b97f4a7c15) >> 60;
}

/* How many are in a stack stands behind them all, in the place of a pointer. */
static uintptr_t *count_of(struct bench_worker *worker, unsigned int stack)
{
	return (uintptr_t *)&worker->objects[BENCH_OBJECTS - STACKS + stack];
}

static void **place_of(struct bench_worker *worker, unsigned int stack, uintptr_t at)
{
	return &worker->objects[BULK_MOST + stack * DEEP + at];
}

void bulk_pool_put(struct bench_worker *worker, void *object)
{
	unsigned int stack = stack_of(object);

	while (*count_of(worker, stack) == DEEP)
		stack = (stack + 1) % STACKS;
	*place_of(worker, stack, (*count_of(worker, stack))++) = object;
}

void *bulk_pool_take(struct bench_worker *worker, unsigned int from)
{
	for (unsigned int i = 0; i < STACKS; i++) {
		unsigned int stack = (from + i) % STACKS;

		if (*count_of(worker, stack))
			return *place_of(worker, stack, --*count_of(worker, stack));
	}
	return NULL;
}

void bulk_scatter(struct bench_worker *worker, unsigned int batch, unsigned int nmatch)
{
	uint64_t start = plat_ticks();
	void **objects = worker->objects;
	unsigned int first = stack_of(objects[0]), next = first;

	for (unsigned int i = 0; i < batch; i++)
		bulk_pool_put(worker, objects[i]);
	for (unsigned int i = 0; i < batch; i++) {
		objects[i] = bulk_pool_take(worker, nmatch && i % nmatch == 0 ? first : next);
		next = (stack_of(objects[i]) + 1) % STACKS;
	}
	worker->excluded += plat_ticks() - start;
}
