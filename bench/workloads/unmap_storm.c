/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unmap_storm.c - map, touch from every CPU so that each holds the translations, free: the
 * workload in which every free owes every CPU a shootdown. One operation is the life of one
 * area of nr_pages= pages; batch= of them are alive per worker at a time. size is in pages.
 */
#include "plain.h"

enum { PAGES, BATCH };

static const struct workload_param params[] = {
	{"nr_pages", "pages", "size of every area", 1, 1, 1024},
	{"batch", "areas", "areas each worker maps before any is freed", 32, 1, 1024},
	{0},
};

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	unsigned int batch = bench_value(worker->arm, BATCH);

	n = n < batch ? batch : n - n % batch;
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.slot = i % batch,
					   .size = bench_value(worker->arm, PAGES)};
	return n;
}

BENCH_INLINE void map(struct bench_worker *worker, const struct bench_op *op,
		      const enum bench_timing timed)
{
	void *memory = bench_alloc(worker, METRIC_ALLOC, op->size * TRI_PAGE_SIZE, timed);

	worker->objects[op->slot] = memory;
	if (!memory)
		worker->failed++;
	else if (worker->writes)
		bench_touch_first(worker, memory, op->size);
}

/* Every other worker's areas of this batch; its sizes are ours. */
static void touch_others(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	const struct bench_arm *arm = worker->arm;

	for (unsigned int other = 0; other < arm->cpus; other++) {
		void **objects = arm->workers[other].objects;

		if (other == worker->slot)
			continue;
		for (unsigned int i = 0; i < n; i++)
			if (objects[ops[i].slot])
				bench_touch(objects[ops[i].slot], ops[i].size);
	}
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	unsigned int batch = bench_value(worker->arm, BATCH);

	for (; n; ops += batch, n -= batch) {
		for (unsigned int i = 0; i < batch; i++)
			map(worker, &ops[i], timed);
		plain_barrier(worker);
		if (worker->writes)
			touch_others(worker, ops, batch);
		plain_barrier(worker);
		for (unsigned int i = 0; i < batch; i++)
			bench_free(worker, METRIC_FREE, worker->objects[ops[i].slot],
				   ops[i].size * TRI_PAGE_SIZE, timed);
	}
}
BENCH_WORK(run)

static unsigned long exact_ops(const struct bench_arm *arm)
{
	/* About 34,000 pages, guards included: 2 purges at the default threshold on 2 CPUs. */
	unsigned long areas = 34000 / arm->cpus / (bench_value(arm, PAGES) + 1);
	unsigned long batch = bench_value(arm, BATCH);

	return areas < batch ? batch : areas - areas % batch;
}

const struct workload workload_unmap_storm = {
	.name = "unmap-storm",
	.about = "map, touch from every CPU, free: what flushing costs when all hold the "
		 "translation",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 1,
	.metrics = bench_metrics_alloc_free,
	.generate = generate,
	.work = work,
	.exact_ops = exact_ops,
};
