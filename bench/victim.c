/* SPDX-License-Identifier: GPL-2.0-only */
/* victim.c - see victim.h. */
#include "plain.h"
#include "victim.h"

const char *const victim_metrics[] = {"stall.idle", "stall.busy", "free", NULL};

/*
 * The victims' memory has a hole of one area below it, where others will map: so it lies
 * inside the range that a merged flush covers, as live memory does in a kernel.
 */
int victim_setup(struct bench_arm *arm, unsigned int victims)
{
	unsigned long bytes = bench_value(arm, VICTIM_PAGES) * TRI_PAGE_SIZE;
	void *hole = arm->api->alloc(bytes);
	int error = hole ? 0 : -ENOMEM;

	while (arm->nr_kept < victims && !error)
		error = round_keep(arm, bench_value(arm, VICTIM_WORKING_SET));
	arm->api->free(hole, bytes);
	return error;
}

void victim_stand_idle(struct bench_worker *worker)
{
	uint64_t start = plat_ticks(), length = worker->arm->state[1];

	while (plat_ticks() - start < length)
		;
	worker->excluded = plat_ticks() - start;
}

/* A pass that was busy at either end is busy: long stalls straddle most. */
void victim_suffer(struct bench_worker *worker, void *memory)
{
	unsigned long pages = bench_value(worker->arm, VICTIM_WORKING_SET);
	uint64_t *phase = &worker->arm->state[0], before, last = plat_ticks();

	while ((before = __atomic_load_n(phase, __ATOMIC_ACQUIRE)) != PHASE_DONE) {
		bool idle;
		uint64_t now;

		bench_touch(memory, pages);
		now = plat_ticks();
		idle = before == PHASE_IDLE &&
		       __atomic_load_n(phase, __ATOMIC_ACQUIRE) == PHASE_IDLE;
		histogram_add(worker->slice[idle ? STALL_IDLE : STALL_BUSY], now - last);
		last = now;
	}
}

void victim_disturb(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		uintptr_t bytes = ops[i].size * TRI_PAGE_SIZE;
		void *memory = worker->alloc(bytes);

		worker->failed += !memory;
		plain_touch_first(worker, memory, ops[i].size);
		plain_free(worker, VICTIM_FREE, memory, bytes);
	}
}
