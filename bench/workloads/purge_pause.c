/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * purge_pause.c - CPU 0 maps and frees while the others only touch memory of their own: how
 * long is each victim held up? A victim times every pass over its working_set= pages; the
 * same victim, in the same slice, is timed while CPU 0 stands idle, because a virtual CPU
 * also loses time to its host. One operation is one area mapped and freed by CPU 0.
 */
#include "round.h"

enum { PAGES, WORKING_SET };
enum { STALL_IDLE, STALL_BUSY, VICTIM_FREE };
/* What CPU 0 is doing, in arm->state[0]; victims read it around each pass. */
enum { PHASE_IDLE, PHASE_BUSY, PHASE_DONE };

static const char *const metrics[] = {"stall.idle", "stall.busy", "free", NULL};

static const struct workload_param params[] = {
	{"nr_pages", "pages", "size of the areas CPU 0 maps and frees", 1, 1, 1024},
	{"working_set", "pages", "pages each victim touches over and over", 16, 1, 1024},
	{0},
};

/*
 * The victims' memory has a hole of one area below it, where CPU 0 will map: so it lies
 * inside the range that a merged flush covers, as live memory does in a kernel.
 */
static int setup(struct bench_arm *arm)
{
	unsigned long bytes = bench_value(arm, PAGES) * TRI_PAGE_SIZE;
	void *hole = arm->api->alloc(bytes);
	unsigned long pages = bench_value(arm, WORKING_SET);
	int error = hole ? 0 : -ENOMEM;

	for (unsigned int i = 1; i < arm->cpus && !error; i++)
		error = round_keep(arm, pages);
	arm->api->free(hole, bytes);
	return error;
}

static unsigned int generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	if (worker->slot == 0)
		__atomic_store_n(&worker->arm->state[0], PHASE_IDLE, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.kind = worker->slot > 0,
					   .size = bench_value(worker->arm, PAGES)};
	return n;
}

static void enter_phase(struct bench_worker *worker, uint64_t phase)
{
	__atomic_store_n(&worker->arm->state[0], phase, __ATOMIC_RELEASE);
}

/* As long as the last busy stretch, so that idle and busy passes are about as many. */
static void stand_idle(struct bench_worker *worker)
{
	uint64_t start = plat_ticks(), length = worker->arm->state[1];

	while (plat_ticks() - start < length)
		;
	worker->excluded = plat_ticks() - start;
}

BENCH_INLINE void disturb(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
			  const enum bench_timing timed)
{
	uint64_t start;

	if (timed == BENCH_TIMED)
		stand_idle(worker);
	enter_phase(worker, PHASE_BUSY);
	start = plat_ticks();
	for (unsigned int i = 0; i < n; i++) {
		void *memory = worker->alloc(ops[i].size * TRI_PAGE_SIZE);

		if (!memory)
			worker->failed++;
		else if (worker->writes)
			bench_touch_first(worker, memory, ops[i].size);
		bench_free(worker, VICTIM_FREE, memory, ops[i].size * TRI_PAGE_SIZE, timed);
	}
	worker->arm->state[1] = plat_ticks() - start;
	enter_phase(worker, PHASE_DONE);
}

/* A pass that was busy at either end is busy: long stalls straddle most. */
static void suffer(struct bench_worker *worker, void *memory, unsigned long pages)
{
	uint64_t *phase = &worker->arm->state[0], before, last = plat_ticks();

	while ((before = __atomic_load_n(phase, __ATOMIC_ACQUIRE)) != PHASE_DONE) {
		uint64_t now;

		bench_touch(memory, pages);
		now = plat_ticks();
		histogram_add(
			worker->slice[before == PHASE_IDLE &&
						      __atomic_load_n(phase, __ATOMIC_ACQUIRE) ==
							      PHASE_IDLE
					      ? STALL_IDLE
					      : STALL_BUSY],
			now - last);
		last = now;
	}
}

BENCH_INLINE void run(struct bench_worker *worker, const struct bench_op *ops, unsigned int n,
		      const enum bench_timing timed)
{
	unsigned long pages = bench_value(worker->arm, WORKING_SET);
	void *memory;

	if (worker->slot == 0) {
		disturb(worker, ops, n, timed);
		return;
	}
	worker->ops = 0;
	memory = worker->arm->kept[worker->slot - 1].memory;
	if (!worker->writes)
		return;
	/* In the exact phase, or untimed, a victim makes one pass an operation. */
	if (timed == BENCH_TIMED)
		suffer(worker, memory, pages);
	for (unsigned int i = 0; timed != BENCH_TIMED && i < n; i++)
		bench_touch(memory, pages);
}
BENCH_WORK(run)

static unsigned long exact_ops(const struct bench_arm *arm)
{
	/* Operations are CPU 0's alone: 34,000 pages, 2 purges at the default on 2 CPUs. */
	return 34000 / (bench_value(arm, PAGES) + 1) + 1;
}

const struct workload workload_purge_pause = {
	.name = "purge-pause",
	.about = "one CPU maps and frees, the others are timed: whom does flushing hold up, how "
		 "long?",
	.origin = "trimm",
	.version = WORKLOAD_VERSION,
	.params = params,
	.min_cpus = 2,
	.metrics = metrics,
	.by_worker = true,
	.setup = setup,
	.generate = generate,
	.work = work,
	.teardown = round_free_kept,
	.exact_ops = exact_ops,
};
