/* SPDX-License-Identifier: GPL-2.0-only */
/* bulk.c - see bulk.h. */
#include "bulk.h"
#include "levels.h"

static unsigned long one_by_one(const struct subject_api *api, uintptr_t what, unsigned long n,
				void **objects)
{
	for (unsigned long i = 0; i < n; i++) {
		objects[i] = api->alloc(what);
		if (objects[i])
			continue;
		while (i)
			api->free(objects[--i], what);
		return 0;
	}
	return n;
}

static void free_one_by_one(const struct subject_api *api, uintptr_t what, unsigned long n,
			    void **objects)
{
	for (unsigned long i = 0; i < n; i++)
		api->free(objects[i], what);
}

BENCH_INLINE void bulk_one(struct bench_worker *worker, const struct bench_op *op, uintptr_t what,
			   unsigned int batch, const enum bench_timing timed)
{
	const struct subject_api *api = worker->arm->api;
	void **objects = worker->objects;
	uint64_t start = bench_begin(METRIC_ALLOC, timed);

	if (!(op->kind & BULK_ALLOC_ONE ? one_by_one(api, what, batch, objects)
					: api->alloc_bulk(what, batch, objects))) {
		worker->failed += batch;
		return;
	}
	bench_end(worker, METRIC_ALLOC, start, timed);
	if (levels_wanted(worker))
		levels_count_many(worker, batch);
	if (op->kind & BULK_SCATTER) {
		if (timed == BENCH_MARKED)
			PLAT_MARK(MARK_CLOSE);
		bulk_scatter(worker, batch, op->slot);
		if (timed == BENCH_MARKED)
			PLAT_MARK(MARK_OPEN);
	}
	start = bench_begin(METRIC_FREE, timed);
	if (op->kind & BULK_FREE_ONE)
		free_one_by_one(api, what, batch, objects);
	else
		api->free_bulk(what, batch, objects);
	bench_end(worker, METRIC_FREE, start, timed);
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	unsigned int batch = bench_value(worker->arm, BULK_BATCH);
	uintptr_t what = worker->arm->state[BULK_WHAT];
	bool levels = levels_wanted(worker);

	bool whole = batch > 1 || ops[0].kind;

	for (unsigned int i = 0; whole && i < n; i += batch)
		bulk_one(worker, &ops[i], what, batch, timed);
	for (unsigned int i = 0; !whole && i < n; i++) {
		void *memory = bench_alloc(worker, METRIC_ALLOC, what, timed);

		if (!memory) {
			worker->failed++;
			continue;
		}
		if (levels)
			levels_count(worker);
		bench_free(worker, METRIC_FREE, memory, what, timed);
	}
}
BENCH_WORK(run)

void bulk_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	work(worker, ops, n);
}
