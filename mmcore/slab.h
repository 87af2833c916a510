/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab.h - what the slab policies share, and what each must supply. A policy is a file
 * slab_<answer>.c and a line of policies.def; slab.c dispatches by a switch.
 *
 * Each frame of a slab carries its cache's number, the inside ones too, so that an object's
 * address alone finds its cache with two loads. A slab starts at a multiple of its size.
 */
#ifndef MMCORE_SLAB_H
#define MMCORE_SLAB_H

#include "frame.h"
#include "tri_slab.h"

struct kmem_cache {
	/* Read by fast paths. */
	uint16_t number;	  /* in core->slab.cache[] */
	uint16_t order;		  /* of its slabs, where the policy has slabs */
	unsigned int flags;	  /* TRI_SLAB_* in force */
	unsigned int object_size; /* bytes a user may use */
	unsigned int size;	  /* bytes from one object to the next, debugging included */
	unsigned int objects;	  /* per slab */
	unsigned int align;
	void (*ctor)(void *object);

	struct tri_core *core;
	const char *name;
	unsigned int references;
	uint16_t frames_order; /* of the block this struct lives in */
	/* The policy's own struct follows, aligned to 128: slab_private(). */
} __attribute__((aligned(128)));

static inline void *slab_private(struct kmem_cache *cache)
{
	return cache + 1;
}

/* For slabinfo, and for what a request really holds. */
struct slab_stat {
	unsigned long objects_active; /* in a user's hands */
	unsigned long objects_total;
	unsigned long slabs_active, slabs_total;
	unsigned long frames; /* all that the cache holds, its own struct included */
};

/*
 * One set of these per policy. @caller is the address that asked, for STORE_USER.
 * setup: size, align, flags, object_size and ctor are set; choose order, objects, size.
 * free: @frame is that of @object, of this cache: slab.c has checked it.
 * empty: give back every slab that holds no object in use, per-CPU ones included, the other
 *   CPUs being stopped; frames freed.
 * teardown: after empty; log what is in use by slab_report_leak(); how many objects.
 */
#define SLAB_POLICY_DECLARE(answer)                                                               \
	size_t slab_##answer##_private_bytes(const struct tri_core *core);                        \
	int slab_##answer##_setup(struct kmem_cache *cache);                                      \
	void *slab_##answer##_alloc(struct kmem_cache *cache, tri_gfp_t gfp, uintptr_t caller);   \
	void slab_##answer##_free(struct kmem_cache *cache, struct frame *frame, void *object,    \
				  uintptr_t caller);                                              \
	unsigned long slab_##answer##_alloc_bulk(struct kmem_cache *cache, tri_gfp_t gfp,         \
						 unsigned long n, void **objects,                 \
						 uintptr_t caller);                               \
	void slab_##answer##_free_bulk(struct kmem_cache *cache, unsigned long n, void **objects, \
				       uintptr_t caller);                                         \
	unsigned long slab_##answer##_empty(struct kmem_cache *cache);                            \
	unsigned long slab_##answer##_teardown(struct kmem_cache *cache);                         \
	void slab_##answer##_stat(struct kmem_cache *cache, struct slab_stat *out);
#define POLICY_slab(answer, text, about) SLAB_POLICY_DECLARE(answer)
#include "policies.def"

void slab_report_leak(struct kmem_cache *cache, const void *object);

#endif /* MMCORE_SLAB_H */
