/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_array.h - the fast path of every slab policy: objects at hand on this CPU.
 *
 * From an object's address to its array are four dependent loads (frame, slot, array,
 * count), no lock, no locked instruction and no struct kmem_cache. Where the array is no use,
 * the caller asks the policy.
 */
#ifndef MMCORE_SLAB_ARRAY_H
#define MMCORE_SLAB_ARRAY_H

#include "core.h"

/* An object of cache @number, or NULL if this CPU has none at hand. */
static inline void *slab_array_take(struct tri_core *core, unsigned int number)
{
	struct tri_cpu *cpu = tri_enter(core);
	struct slab_array *array = cpu->slab[number].array;
	void *object = NULL;

	if (__builtin_expect(array->count != 0, 1))
		object = array->object[--array->count];
	tri_leave(cpu);
	return object;
}

/* False if there is no room. */
static inline bool slab_array_put(struct tri_core *core, unsigned int number, void *object)
{
	struct tri_cpu *cpu = tri_enter(core);
	struct slab_array *array = cpu->slab[number].array;
	bool room = array->count < array->limit;

	if (__builtin_expect(room, 1))
		array->object[array->count++] = object;
	tri_leave(cpu);
	return room;
}

#endif /* MMCORE_SLAB_ARRAY_H */
