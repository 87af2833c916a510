/* SPDX-License-Identifier: GPL-2.0-only */
/* remap.c - what the tlb_flush tests share; see remap.h. */
#include "plain.h"
#include "remap.h"

#define MIB_PAGES (1UL << 20 >> TRI_PAGE_SHIFT)

static unsigned long pieces_of(const struct bench_arm *arm)
{
	unsigned long pages = bench_value(arm, REMAP_MIB) * MIB_PAGES;
	unsigned long pieces = pages / bench_value(arm, REMAP_PAGES);

	return pieces ? pieces : 1;
}

/*
 * What a worker's pieces are asked for by, in kept[slot].what: bytes, or frames of its own that
 * all its pieces map.
 */
static int keep_what(struct bench_arm *arm)
{
	unsigned long pages = bench_value(arm, REMAP_PAGES);

	while (arm->nr_kept < arm->cpus) {
		uintptr_t what = arm->workload->family == SUBJECT_VMAP
					 ? arm->arm->subject->frames_get(pages)
					 : pages * TRI_PAGE_SIZE;

		if (!what)
			return -ENOMEM;
		arm->kept[arm->nr_kept++] = (struct bench_kept){.what = what};
	}
	return 0;
}

int remap_setup(struct bench_arm *arm)
{
	unsigned long pieces = pieces_of(arm);

	if (keep_what(arm))
		return -ENOMEM;
	for (unsigned int k = 0; k < arm->cpus; k++) {
		for (unsigned long i = 0; i < pieces; i++) {
			void *memory = arm->api->alloc(arm->kept[k].what);

			if (!memory)
				return -ENOMEM;
			if (arm->arm->subject->has_memory)
				bench_touch(memory, bench_value(arm, REMAP_PAGES));
			arm->workers[k].objects[i] = memory;
		}
	}
	return 0;
}

/* Round and round; state[0] is where. */
unsigned int remap_generate(struct bench_worker *worker, struct bench_op *ops, unsigned int n)
{
	unsigned long pieces = pieces_of(worker->arm);

	for (unsigned int i = 0; i < n; i++)
		ops[i] = (struct bench_op){.slot = worker->state[0]++ % pieces,
					   .size = bench_value(worker->arm, REMAP_PAGES)};
	return n;
}

void remap_work(struct bench_worker *worker, const struct bench_op *ops, unsigned int n)
{
	uintptr_t what = worker->arm->kept[worker->slot].what;

	for (unsigned int i = 0; i < n; i++) {
		void **piece = &worker->objects[ops[i].slot];

		plain_free(worker, METRIC_FREE, *piece, what);
		*piece = plain_alloc(worker, METRIC_ALLOC, what);
		plain_touch_first(worker, *piece, ops[i].size);
	}
}

/* Also after a setup() that failed: pieces there are none of are NULL. */
void remap_teardown(struct bench_arm *arm)
{
	unsigned long pieces = pieces_of(arm);

	for (unsigned int k = 0; k < arm->nr_kept; k++) {
		for (unsigned long i = 0; i < pieces; i++) {
			arm->api->free(arm->workers[k].objects[i], arm->kept[k].what);
			arm->workers[k].objects[i] = NULL;
		}
		if (arm->workload->family == SUBJECT_VMAP)
			arm->arm->subject->frames_put(arm->kept[k].what);
	}
	arm->nr_kept = 0;
}
