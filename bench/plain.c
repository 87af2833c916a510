/* SPDX-License-Identifier: GPL-2.0-only */
/* plain.c - see plain.h. */
#include "plain.h"

static uint64_t begin(const struct bench_worker *worker, unsigned int metric)
{
	return bench_begin(metric, worker->timed);
}

static void end(struct bench_worker *worker, unsigned int metric, uint64_t start)
{
	bench_end(worker, metric, start, worker->timed);
}

void *plain_alloc(struct bench_worker *worker, unsigned int metric, uintptr_t what)
{
	uint64_t start = begin(worker, metric);
	void *memory = worker->alloc(what);

	end(worker, metric, start);
	worker->failed += !memory;
	return memory;
}

void plain_free(struct bench_worker *worker, unsigned int metric, void *memory, uintptr_t what)
{
	uint64_t start = begin(worker, metric);

	worker->free(memory, what);
	end(worker, metric, start);
}

void plain_touch(struct bench_worker *worker, unsigned int metric, void *memory,
		 unsigned long pages)
{
	uint64_t start;

	if (!worker->writes)
		return;
	start = begin(worker, metric);
	bench_touch(memory, pages);
	end(worker, metric, start);
}

void plain_touch_first(struct bench_worker *worker, void *memory, unsigned long pages)
{
	if (memory && worker->writes)
		bench_touch_first(worker, memory, pages);
}

void plain_barrier(struct bench_worker *worker)
{
	bench_barrier(worker);
}
