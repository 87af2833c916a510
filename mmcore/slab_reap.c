/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_reap.c - slab=slab gives back what was not used lately, as Linux's cache_reap() does
 * from a timer of each CPU: every 2 s a fifth of this CPU's array, every 4 s a fifth of the
 * shared array and of the free slabs, unless they were used meanwhile.
 *
 * A core has no timers: it runs where nobody would call one. So the time is looked at where a
 * slab is about to be made, which is when its memory is wanted most; and whoever does have a
 * timer calls tri_slab_reap(). The price: the array of a CPU that stays idle is not drained.
 *
 * What "used" means is weaker than Linux's bit, which each hit sets: the array was filled or
 * flushed, or its count differs from the last time. Hits that cancel each other out don't
 * count; they then lose a fifth of the array, a refill later.
 */
#include "slab_slab.h"

static unsigned long fifth(unsigned long n)
{
	return (n + 4) / 5;
}

/* drain_array_locked(): inside, or locked. */
static void drain_some(struct kmem_cache *cache, struct slab_array *array, struct frame_list *dead)
{
	unsigned int n = fifth(array->limit);

	slab_drain(cache, array, n > array->count ? (array->count + 1) / 2 : n, dead);
}

static void reap_array(struct kmem_cache *cache, struct frame_list *dead)
{
	struct slab_node *node = slab_node(cache);
	struct tri_cpu *cpu = tri_enter(cache->core);
	struct slab_array *array = *slab_array_slot(&cpu->slab[cache->number], cache);
	struct slab_use *use = &node->use[cpu - cache->core->cpu];

	if (array && array->count && !use->touched && array->count == use->seen) {
		plat_spin_lock(&node->lock);
		drain_some(cache, array, dead);
		plat_spin_unlock(&node->lock);
	}
	use->touched = false;
	use->seen = array ? array->count : 0;
	tri_leave(cpu);
}

static void reap_node(struct kmem_cache *cache, struct frame_list *dead)
{
	struct slab_node *node = slab_node(cache);
	unsigned long saved = tri_lock(&node->lock);

	if (node->shared && !node->shared_touched)
		drain_some(cache, node->shared, dead);
	if (!node->free_touched)
		slab_shed(cache,
			  (node->free_limit + 5UL * cache->objects - 1) / (5UL * cache->objects),
			  dead);
	node->shared_touched = node->free_touched = false;
	tri_unlock(&node->lock, saved);
}

/* Holding slab.mutex; frames given back. */
static unsigned long reap(struct tri_core *core, uint64_t now, uint64_t interval)
{
	unsigned long frames = 0;

	for (unsigned int i = 1; i <= TRI_MAX_CACHES; i++) {
		struct kmem_cache *cache = core->slab.cache[i];
		struct frame_list dead = {.count = 0};

		if (!cache)
			continue;
		reap_array(cache, &dead);
		if (now - slab_node(cache)->reaped >= 2 * interval) {
			slab_node(cache)->reaped = now;
			reap_node(cache, &dead);
		}
		frames += slab_destroy(cache, &dead) << cache->order;
	}
	return frames;
}

void slab_reap_due(struct tri_core *core)
{
	uint64_t interval = core->tunable[TRI_TUNABLE_slab_reap_ticks], now = plat_ticks();
	struct tri_cpu *cpu = tri_enter(core);
	/* A CPU's time begins with its first slab. */
	bool first = !cpu->slab_reaped,
	     due = interval && !first && now - cpu->slab_reaped >= interval;

	if (first || due)
		cpu->slab_reaped = now;
	tri_leave(cpu);
	/* Whoever holds it makes or ends a cache, or reaps: next time, as Linux says. */
	if (!due || !plat_mutex_trylock(&core->slab.mutex))
		return;
	reap(core, now, interval);
	plat_mutex_unlock(&core->slab.mutex);
}

unsigned long tri_slab_reap(void)
{
	struct tri_core *core = plat_core();
	unsigned long frames;

	if (core->policy[TRI_QUESTION_slab] != TRI_POLICY_slab_slab)
		return 0;
	plat_might_sleep();
	plat_mutex_lock(&core->slab.mutex);
	frames = reap(core, plat_ticks(), 0);
	plat_mutex_unlock(&core->slab.mutex);
	return frames;
}
