/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sheaves.c - trade sheaves between CPUs and the cache's barn. The rules are those of Linux
 * 6.18 (mm/slub.c: __pcs_replace_empty_main(), __pcs_replace_full_main()).
 *
 * barn.lock is a leaf, taken inside the gate. Sheaves are made, filled from slabs and
 * emptied into them outside of it, while they are nobody's.
 */
#include "slab_slub.h"

/* As Linux sizes them: what fits in 512, 256, 128, 64 bytes. Fewer of what is large. */
static uint32_t sheaf_limit(unsigned int size)
{
	return size >= TRI_PAGE_SIZE ? 4 : size >= 1024 ? 12 : size >= 256 ? 28 : 60;
}

static struct barn *barn_of(struct kmem_cache *cache)
{
	return &slub_of(cache)->barn;
}

static struct slab_cpu *slot_of(struct kmem_cache *cache, struct tri_cpu *cpu)
{
	return &cpu->slab[cache->number];
}

void sheaves_setup(struct kmem_cache *cache)
{
	struct barn *barn = barn_of(cache);

	plat_spin_init(&barn->lock);
	barn->most = (unsigned int)cache->core->tunable[TRI_TUNABLE_barn_sheaves];
	/* What is debugged takes the slow way, where it is looked at. */
	if (cache->core->policy[TRI_QUESTION_sheaves] == TRI_POLICY_sheaves_on &&
	    !(cache->flags & TRI_SLAB_DEBUG))
		barn->limit = sheaf_limit(cache->size);
}

/* Under barn.lock; others look at the count without it, to see whether locking is worth it. */
static void list_push(struct slab_array **list, unsigned int *count, struct slab_array *sheaf)
{
	sheaf->next = *list;
	*list = sheaf;
	__atomic_store_n(count, *count + 1, __ATOMIC_RELAXED);
}

static struct slab_array *list_pop(struct slab_array **list, unsigned int *count)
{
	struct slab_array *sheaf = *list;

	if (sheaf) {
		*list = sheaf->next;
		__atomic_store_n(count, *count - 1, __ATOMIC_RELAXED);
	}
	return sheaf;
}

/* A full sheaf for the empty main one; NULL: the barn has none. Inside the gate. */
static struct slab_array *trade_empty(struct barn *barn, struct slab_array *empty)
{
	struct slab_array *full;

	if (!__atomic_load_n(&barn->full_count, __ATOMIC_RELAXED))
		return NULL;
	plat_spin_lock(&barn->lock);
	full = list_pop(&barn->full, &barn->full_count);
	if (full && empty->limit)
		list_push(&barn->empty, &barn->empty_count, empty);
	plat_spin_unlock(&barn->lock);
	return full;
}

/* Make this CPU's main sheaf one with objects, without asking slabs. Inside the gate. */
static bool main_refill(struct kmem_cache *cache, struct slab_cpu *slot)
{
	struct slab_array *full;

	if (slot->array->count)
		return true;
	if (slot->spare && slot->spare->count) {
		full = slot->spare;
		slot->spare = slot->array;
	} else {
		full = trade_empty(barn_of(cache), slot->array);
		if (!full)
			return false;
	}
	slot->array = full;
	return true;
}

/* Make this CPU's main sheaf one with room, without asking slabs. Inside the gate. */
static bool main_room(struct kmem_cache *cache, struct slab_cpu *slot)
{
	struct slab_array *full = slot->array, *empty = NULL;
	struct barn *barn = barn_of(cache);

	if (full->count < full->limit)
		return true;
	if (slot->spare && slot->spare->count < slot->spare->limit) {
		slot->array = slot->spare;
		slot->spare = full;
		return true;
	}
	if (!__atomic_load_n(&barn->empty_count, __ATOMIC_RELAXED))
		return false;
	plat_spin_lock(&barn->lock);
	if (!full->limit || !slot->spare || barn->full_count < barn->most)
		empty = list_pop(&barn->empty, &barn->empty_count);
	if (empty && full->limit && slot->spare)
		list_push(&barn->full, &barn->full_count, full);
	plat_spin_unlock(&barn->lock);
	if (!empty)
		return false;
	if (full->limit && !slot->spare)
		slot->spare = full;
	slot->array = empty;
	return true;
}

/* Where a sheaf goes that no CPU needs: to the barn, while it has room for such. */
static bool barn_put(struct barn *barn, struct slab_array *sheaf)
{
	bool empty = !sheaf->count, full = sheaf->count == sheaf->limit, done = true;

	plat_spin_lock(&barn->lock);
	if (full && barn->full_count < barn->most)
		list_push(&barn->full, &barn->full_count, sheaf);
	else if (empty && barn->empty_count < barn->most)
		list_push(&barn->empty, &barn->empty_count, sheaf);
	else
		done = false;
	plat_spin_unlock(&barn->lock);
	return done;
}

static void sheaf_end(struct kmem_cache *cache, struct slab_array *sheaf)
{
	slub_put(cache, sheaf->count, sheaf->object);
	slab_array_delete(cache->core, sheaf);
}

/* @sheaf becomes this CPU's main one; the last goes where there is room for it. */
static void install(struct kmem_cache *cache, struct slab_array *sheaf)
{
	struct tri_cpu *cpu = tri_enter(cache->core);
	struct slab_cpu *slot = slot_of(cache, cpu);
	struct slab_array *last = slot->array->limit ? slot->array : NULL;

	slot->array = sheaf;
	if (last && !slot->spare) {
		slot->spare = last;
		last = NULL;
	}
	if (last && barn_put(barn_of(cache), last))
		last = NULL;
	tri_leave(cpu);
	if (last)
		sheaf_end(cache, last);
}

void *sheaves_alloc(struct kmem_cache *cache, tri_gfp_t gfp)
{
	struct tri_core *core = cache->core;
	struct tri_cpu *cpu = tri_enter(core);
	struct slab_cpu *slot = slot_of(cache, cpu);
	struct slab_array *sheaf;
	void *object = NULL;

	if (main_refill(cache, slot)) {
		object = slot->array->object[--slot->array->count];
		tri_leave(cpu);
		return object;
	}
	/* The empty one is filled while it is nobody's: that may sleep. */
	sheaf = slot->array;
	slot->array = &core->slab.none;
	tri_count(core, TRI_EVENT_sheaf_fill, 1);
	tri_leave(cpu);
	if (!sheaf->limit)
		sheaf = slab_array_new(core, barn_of(cache)->limit);
	if (!sheaf)
		return NULL;
	sheaf->count =
		(uint32_t)slub_take(cache, gfp | TRI_GFP_NOWARN, sheaf->limit, sheaf->object);
	trace_sheaf_fill(cache->size, sheaf->count);
	if (sheaf->count)
		object = sheaf->object[--sheaf->count];
	install(cache, sheaf);
	return object;
}

bool sheaves_free(struct kmem_cache *cache, void *object)
{
	struct tri_core *core = cache->core;
	struct tri_cpu *cpu = tri_enter(core);
	struct slab_cpu *slot = slot_of(cache, cpu);
	struct barn *barn = barn_of(cache);
	struct slab_array *sheaf = NULL;

	if (main_room(cache, slot)) {
		slot->array->object[slot->array->count++] = object;
		tri_leave(cpu);
		return true;
	}
	/* There are enough full ones: this one is emptied, while it is nobody's. */
	if (slot->array->limit && slot->spare &&
	    __atomic_load_n(&barn->full_count, __ATOMIC_RELAXED) >= barn->most) {
		sheaf = slot->array;
		slot->array = &core->slab.none;
		tri_count(core, TRI_EVENT_sheaf_flush, 1);
		trace_sheaf_flush(cache->size, sheaf->count);
	}
	tri_leave(cpu);
	if (sheaf) {
		slub_put(cache, sheaf->count, sheaf->object);
	} else {
		sheaf = slab_array_new(core, barn->limit);
		if (!sheaf)
			return false;
	}
	sheaf->object[0] = object;
	sheaf->count = 1;
	install(cache, sheaf);
	return true;
}

unsigned long sheaves_take(struct kmem_cache *cache, unsigned long n, void **objects)
{
	struct tri_cpu *cpu = tri_enter(cache->core);
	struct slab_cpu *slot = slot_of(cache, cpu);
	unsigned long done = 0;

	while (done < n && main_refill(cache, slot)) {
		struct slab_array *sheaf = slot->array;
		uint32_t some = n - done < sheaf->count ? (uint32_t)(n - done) : sheaf->count;

		sheaf->count -= some;
		memcpy(objects + done, sheaf->object + sheaf->count, some * sizeof(void *));
		done += some;
	}
	tri_leave(cpu);
	return done;
}

unsigned long sheaves_put(struct kmem_cache *cache, unsigned long n, void **objects)
{
	struct tri_cpu *cpu = tri_enter(cache->core);
	struct slab_cpu *slot = slot_of(cache, cpu);
	unsigned long done = 0;

	while (done < n && main_room(cache, slot)) {
		struct slab_array *sheaf = slot->array;
		uint32_t room = sheaf->limit - sheaf->count;
		uint32_t some = n - done < room ? (uint32_t)(n - done) : room;

		memcpy(sheaf->object + sheaf->count, objects + done, some * sizeof(void *));
		sheaf->count += some;
		done += some;
	}
	tri_leave(cpu);
	return done;
}

void sheaves_flush(struct kmem_cache *cache)
{
	struct tri_core *core = cache->core;
	struct barn *barn = barn_of(cache);
	struct slab_array *sheaf;

	for (unsigned int i = 0; i < core->cpus; i++) {
		struct slab_cpu *slot = slot_of(cache, &core->cpu[i]);

		if (slot->array->limit)
			sheaf_end(cache, slot->array);
		if (slot->spare)
			sheaf_end(cache, slot->spare);
		slot->array = &core->slab.none;
		slot->spare = NULL;
	}
	while ((sheaf = list_pop(&barn->full, &barn->full_count)))
		sheaf_end(cache, sheaf);
	while ((sheaf = list_pop(&barn->empty, &barn->empty_count)))
		sheaf_end(cache, sheaf);
}
