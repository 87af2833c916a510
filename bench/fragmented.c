/* SPDX-License-Identifier: GPL-2.0-only */
/* fragmented.c - see fragmented.h. */
#include "fragmented.h"

int fragmented_setup(struct bench_arm *arm, unsigned long fill)
{
	struct bench_random *random = &arm->workers[0].random;
	unsigned long blocks, kept = 0;
	void *memory;
	unsigned int order = 0;
	struct tri_status status;

	if (!fill)
		return 0;
	arm->calls->status_read(arm->core, &status);
	while (status.frames >> order > BENCH_OBJECTS)
		order++;
	/* Of a reserve kmalloc() would find large blocks once enough else is free. */
	while (arm->nr_kept < BENCH_OBJECTS && (memory = arm->calls->block_get(order)))
		arm->kept[arm->nr_kept++] = (struct bench_kept){memory, order};
	blocks = arm->nr_kept;
	for (unsigned long i = 0; i < blocks; i++) {
		if (bench_random_below(random, 200) < fill)
			arm->kept[kept++] = arm->kept[i];
		else
			arm->calls->block_put(arm->kept[i].memory, order);
	}
	arm->nr_kept = kept;
	return 0;
}

void fragmented_teardown(struct bench_arm *arm)
{
	while (arm->nr_kept) {
		struct bench_kept *last = &arm->kept[--arm->nr_kept];

		arm->calls->block_put(last->memory, last->what);
	}
}
