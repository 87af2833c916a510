/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * init.h - init_on_alloc= and init_on_free=: memory cleared before it is handed out, and when it
 * comes back, whoever asks. Linux 5.3 (6471384af2a6, "mm: security: introduce init_on_alloc=1 and
 * init_on_free=1 boot options"); what it covers is covered here:
 *
 *	pages	all of a block, also those that slabs and page tables are made of
 *	slab	object_size bytes of each object, of caches without constructor and poison
 *	vmalloc	the bytes asked for, when allocated; the frames, when freed
 *
 * Linux leaves SLOB out, as its objects may be freed while still in use (TYPESAFE_BY_RCU); ours
 * may not. What init_on_free= cleared is cleared again for who asks for zeroed memory: Linux spares
 * itself that for pages.
 *
 * Off, it must cost nothing on a fast path. So it is no question there, but a detour for
 * which each already has a door: pages ask zones->detour, as for a policy without lists; a free
 * frame's kind has FRAME_CLEAR; caches and kmalloc's classes are taken for number 0, whose array
 * never has an object or room (slab_array.h), and the real one is tried on the way to the policy.
 * On, that costs a failed visit beside the clearing.
 */
#ifndef MMCORE_INIT_H
#define MMCORE_INIT_H

#include "platform.h"

struct tri_core;
struct frame;
struct frame_list;

/* Clear and count it. Not pinned. */
void init_clear(struct tri_core *core, void *memory, unsigned long bytes);
/* All of a block that is freed, by its pointer. */
void init_clear_block(struct tri_core *core, const struct frame *frame, unsigned int order);
/* All blocks of @list that their own free would not clear. */
void init_clear_list(struct tri_core *core, const struct frame_list *list);

#endif /* MMCORE_INIT_H */
