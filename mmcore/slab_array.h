/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_array.h - the fast path of every slab policy: objects at hand on this CPU.
 *
 * From an object's address to its array are three dependent loads (number, slot's array,
 * count), no lock, no locked instruction and no struct kmem_cache. Where the array is no use,
 * the caller asks the policy.
 *
 * SLUB without sheaves has no array. Its own fast path, after Linux's slab_alloc_node() and
 * do_slab_free() (mm/slub.c), is called where the array was no use: its instruction needs
 * registers that a hit need not save, so it is not part of the same function.
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

/*
 * After a miss: take the first object of this CPU's slab into *@object, if cache @number is
 * SLUB's, without sheaves and not debugged.
 */
static inline bool slub_list_take(struct tri_core *core, unsigned int number, void **object)
{
	uint64_t first, next;
	struct slub_cpu *mine;
	unsigned long saved;
	struct tri_cpu *cpu;

	if (!tri_enter_fast(core, &cpu, &saved))
		return false;
	mine = &cpu->slab[number].slub;
	do {
		first = mine->link ? mine->freelist : 0;
		if (!first)
			break;
		next = ((const uint64_t *)first)[mine->link - 1];
	} while (!plat_cas16_local(&mine->freelist, first, mine->tid, next, mine->tid + 1));
	tri_leave_fast(cpu, saved);
	*object = (void *)first;
	return first;
}

/* After a miss: put it back, if it is of this CPU's slab of such a cache. */
static inline bool slub_list_put(struct tri_core *core, unsigned int number, void *object)
{
	struct slub_cpu *mine;
	unsigned long saved;
	struct tri_cpu *cpu;
	uint64_t first;
	bool done;

	if (!tri_enter_fast(core, &cpu, &saved))
		return false;
	mine = &cpu->slab[number].slub;
	done = mine->link && (uintptr_t)object - (uintptr_t)mine->first < mine->bytes;
	if (done) {
		do {
			first = mine->freelist;
			((uint64_t *)object)[mine->link - 1] = first;
		} while (!plat_cas16_local(&mine->freelist, first, mine->tid, (uint64_t)object,
					   mine->tid + 1));
	}
	tri_leave_fast(cpu, saved);
	return done;
}

#endif /* MMCORE_SLAB_ARRAY_H */
