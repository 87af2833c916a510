/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shrinker.c - the registry of shrinkers, and asking them in turn.
 *
 * One mutex guards the list and is held while a shrinker scans, so that none is unregistered
 * under its own feet. A scan that allocates may come back here: a shrinker must not be asked
 * by itself, and the mutex does not nest, so whoever finds it taken gets nothing. Linux
 * (mm/shrinker.c, shrink_slab()) gives up in the same place when it can't have its lock.
 */
#include "core.h"
#include "shrinker.h"

void tri_shrinker_register(struct tri_core *core, struct shrinker *shrinker)
{
	plat_mutex_lock(&core->reclaim.mutex);
	shrinker->next = core->reclaim.shrinkers;
	core->reclaim.shrinkers = shrinker;
	plat_mutex_unlock(&core->reclaim.mutex);
}

void tri_shrinker_unregister(struct tri_core *core, struct shrinker *shrinker)
{
	struct shrinker **link = &core->reclaim.shrinkers;

	plat_mutex_lock(&core->reclaim.mutex);
	while (*link != shrinker)
		link = &(*link)->next;
	*link = shrinker->next;
	plat_mutex_unlock(&core->reclaim.mutex);
}

unsigned long tri_shrink(struct tri_core *core, unsigned long frames)
{
	struct shrinker *shrinker;
	unsigned long freed = 0;

	plat_might_sleep();
	if (!plat_mutex_trylock(&core->reclaim.mutex))
		return 0;
	for (shrinker = core->reclaim.shrinkers; shrinker && freed < frames;
	     shrinker = shrinker->next) {
		if (shrinker->count(core, shrinker))
			freed += shrinker->scan(core, shrinker, frames - freed);
	}
	plat_mutex_unlock(&core->reclaim.mutex);
	return freed;
}
