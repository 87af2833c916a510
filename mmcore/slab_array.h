/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_array.h - the fast path of every slab policy: objects at hand on this CPU.
 *
 * From an object's address to its array are three dependent loads (number, slot's array,
 * count), no lock, no locked instruction and no struct kmem_cache. Where the array is no use,
 * the caller asks the policy.
 *
 * SLUB without sheaves has no array. Its own fast path, after Linux's slab_alloc_node() and
 * do_slab_free() (mm/slub.c), goes on where the array was no use, pinned and inside as it is: its
 * instruction needs registers that a hit need not save, so it is not part of the same function.
 */
#ifndef MMCORE_SLAB_ARRAY_H
#define MMCORE_SLAB_ARRAY_H

#include "core.h"

/* What a miss hands to slub_list_take() or slub_list_put(), which end it. */
struct slab_visit {
	struct tri_cpu *cpu; /* that the caller is inside of */
	unsigned long saved; /* by plat_pin() */
};

/*
 * The gate is tri_enter()'s, but where another CPU has stopped this one the answer is no, and
 * the slow path waits: without a call in it the fast path saves no registers.
 */
TRI_INLINE bool slab_visit(struct tri_core *core, struct slab_visit *visit)
{
	visit->saved = plat_pin();
	visit->cpu = tri_this_cpu(core);
	cpus_go_inside(visit->cpu);
	return __builtin_expect(!cpus_stopped(core), 1);
}

TRI_INLINE void slab_visit_end(struct slab_visit visit)
{
	cpus_go_outside(visit.cpu);
	plat_unpin(visit.saved);
}

/*
 * Take an object of cache @number into *@object, if this CPU has one at hand. If not, @visit goes
 * on.
 */
TRI_INLINE bool slab_array_take(struct tri_core *core, unsigned int number, void **object,
				struct slab_visit *visit)
{
	if (slab_visit(core, visit)) {
		struct slab_array *array = visit->cpu->slab[number].array;
		uint32_t count = array->count;

		if (__builtin_expect(count != 0, 1)) {
			array->count = --count;
			*object = array->object[count];
			slab_visit_end(*visit);
			return true;
		}
	}
	return false;
}

/* Put it back, if there is room. If not, @visit goes on. */
TRI_INLINE bool slab_array_put(struct tri_core *core, unsigned int number, void *object,
			       struct slab_visit *visit)
{
	if (slab_visit(core, visit)) {
		struct slab_array *array = visit->cpu->slab[number].array;
		uint32_t count = array->count;

		if (__builtin_expect(count < array->limit, 1)) {
			array->count = count + 1;
			array->object[count] = object;
			slab_visit_end(*visit);
			return true;
		}
	}
	return false;
}

/*
 * After a miss: take the first object of this CPU's slab into *@object, if cache @number is
 * SLUB's, without sheaves and not debugged. @visit ends, with an object or without.
 */
TRI_INLINE bool slub_list_take(struct tri_core *core, unsigned int number, void **object,
			       struct slab_visit visit)
{
	struct slub_cpu *mine = &visit.cpu->slab[number].slub;
	uint64_t first = 0, next;

	if (!TRI_UNLIKELY(cpus_stopped(core))) {
		do {
			first = mine->link ? mine->freelist : 0;
			if (!first)
				break;
			next = ((const uint64_t *)first)[mine->link - 1];
		} while (!plat_cas16_local(&mine->freelist, first, mine->tid, next, mine->tid + 1));
	}
	slab_visit_end(visit);
	*object = (void *)first;
	return first;
}

/* After a miss: put it back, if it is of this CPU's slab of such a cache. @visit ends. */
TRI_INLINE bool slub_list_put(struct tri_core *core, unsigned int number, void *object,
			      struct slab_visit visit)
{
	struct slub_cpu *mine = &visit.cpu->slab[number].slub;
	bool done = false;
	uint64_t first;

	if (!TRI_UNLIKELY(cpus_stopped(core)))
		done = mine->link && (uintptr_t)object - (uintptr_t)mine->first < mine->bytes;
	if (done) {
		do {
			first = mine->freelist;
			((uint64_t *)object)[mine->link - 1] = first;
		} while (!plat_cas16_local(&mine->freelist, first, mine->tid, (uint64_t)object,
					   mine->tid + 1));
	}
	slab_visit_end(visit);
	return done;
}

#endif /* MMCORE_SLAB_ARRAY_H */
