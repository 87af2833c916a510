/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shrinker.c - the registry of shrinkers, and asking them in turn.
 *
 * One mutex guards the list and is held while a shrinker scans, so that none is unregistered
 * under its own feet. A scan that allocates comes back here, and gets nothing: a shrinker must
 * not be asked by itself. Another CPU waits: what is being freed may be all that it needs, and
 * to find nothing would be to fail. (In Linux several CPUs scan at once.)
 */
#include "core.h"
#include "shrinker.h"

void tri_shrinker_register(struct tri_core *core, struct tri_shrinker *shrinker)
{
	plat_mutex_lock(&core->reclaim.mutex);
	shrinker->next = core->reclaim.shrinkers;
	core->reclaim.shrinkers = shrinker;
	plat_mutex_unlock(&core->reclaim.mutex);
}

void tri_shrinker_unregister(struct tri_core *core, struct tri_shrinker *shrinker)
{
	struct tri_shrinker **link = &core->reclaim.shrinkers;

	plat_mutex_lock(&core->reclaim.mutex);
	while (*link != shrinker)
		link = &(*link)->next;
	*link = shrinker->next;
	plat_mutex_unlock(&core->reclaim.mutex);
}

unsigned long tri_shrink(struct tri_core *core, unsigned long frames)
{
	struct tri_shrinker *shrinker;
	unsigned long freed = 0;

	plat_might_sleep();
	/* Only this CPU writes its own number. */
	if (__atomic_load_n(&core->reclaim.by, __ATOMIC_RELAXED) == plat_cpu() + 1)
		return 0;
	plat_mutex_lock(&core->reclaim.mutex);
	__atomic_store_n(&core->reclaim.by, plat_cpu() + 1, __ATOMIC_RELAXED);
	for (shrinker = core->reclaim.shrinkers; shrinker && freed < frames;
	     shrinker = shrinker->next) {
		if (shrinker->count(core, shrinker))
			freed += shrinker->scan(core, shrinker, frames - freed);
	}
	__atomic_store_n(&core->reclaim.by, 0, __ATOMIC_RELAXED);
	plat_mutex_unlock(&core->reclaim.mutex);
	return freed;
}
