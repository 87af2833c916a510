/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_array.h - the fast path of every slab policy: objects at hand on this CPU.
 *
 * From an object's address to its array are three dependent loads (number, slot's array,
 * count), no lock, no locked instruction and no struct kmem_cache. Where the array is no use,
 * the caller asks the policy.
 */
#ifndef MMCORE_SLAB_ARRAY_H
#define MMCORE_SLAB_ARRAY_H

#include "core.h"

/*
 * Take an object of cache @number into *@object, if this CPU has one at hand.
 *
 * The gate is tri_enter()'s, but where another CPU has stopped this one the answer is no, and
 * the slow path waits: without a call in it the fast path saves no registers.
 */
static inline bool slab_array_take(struct tri_core *core, unsigned int number, void **object)
{
	unsigned long saved = plat_pin();
	struct tri_cpu *cpu = tri_this_cpu(core);
	bool done = false;

	cpus_go_inside(cpu);
	if (__builtin_expect(!cpus_stopped(core), 1)) {
		struct slab_array *array = cpu->slab[number].array;
		uint32_t count = array->count;

		if (__builtin_expect(count != 0, 1)) {
			array->count = --count;
			*object = array->object[count];
			done = true;
		}
	}
	cpus_go_outside(cpu);
	plat_unpin(saved);
	return done;
}

/* Put it back, if there is room. */
static inline bool slab_array_put(struct tri_core *core, unsigned int number, void *object)
{
	unsigned long saved = plat_pin();
	struct tri_cpu *cpu = tri_this_cpu(core);
	bool done = false;

	cpus_go_inside(cpu);
	if (__builtin_expect(!cpus_stopped(core), 1)) {
		struct slab_array *array = cpu->slab[number].array;
		uint32_t count = array->count;

		if (__builtin_expect(count < array->limit, 1)) {
			array->count = count + 1;
			array->object[count] = object;
			done = true;
		}
	}
	cpus_go_outside(cpu);
	plat_unpin(saved);
	return done;
}

#endif /* MMCORE_SLAB_ARRAY_H */
