/* SPDX-License-Identifier: GPL-2.0-only */
/* extras.c - see extras.h. */
#include "extras.h"

int extras_alloc(struct bench_case *bench, struct arm_state *arm)
{
	size_t bytes;

	bench->nr_extras = host_extras(&bench->extra_info);
	bytes = (size_t)bench->cpus * bench->nr_extras * sizeof(struct host_extra_count);
	if (!bytes)
		return 0;
	arm->extra_block = case_scratch(bench, 2 * bytes);
	return arm->extra_block ? 0 : -ENOMEM;
}

/* How many there are of all slots; the second half of what was taken begins there. */
static unsigned int all(const struct bench_case *bench)
{
	return bench->cpus * bench->nr_extras;
}

void extras_drop_block(const struct bench_case *bench, struct arm_state *arm)
{
	for (unsigned int i = 0; i < all(bench); i++)
		arm->extra_block[i] = (struct host_extra_count){.value = 0};
}

void extras_take_block(const struct bench_case *bench, struct arm_state *arm)
{
	for (unsigned int i = 0; i < all(bench); i++) {
		const struct host_extra_count *block = &arm->extra_block[i];
		struct host_extra_count *sum = &arm->extra_block[all(bench) + i];

		sum->value += block->value;
		sum->enabled += block->enabled;
		sum->running += block->running;
	}
}

struct host_extra_count extras_sum(const struct bench_case *bench, const struct arm_state *arm,
				   unsigned int which)
{
	struct host_extra_count sum = {.value = 0};

	for (unsigned int i = 0; i < bench->cpus; i++) {
		const struct host_extra_count *one =
			&arm->extra_block[all(bench) + i * bench->nr_extras + which];

		sum.value += extras_scale(one->value, one->enabled, one->running);
		sum.enabled += one->enabled;
		sum.running += one->running;
	}
	return sum;
}
