/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab.h - what the slab policies share, and what each must supply. A policy is a file
 * slab_<answer>.c and a line of policies.def; slab.c dispatches by a switch.
 *
 * Each frame of a slab carries its cache's number, the inside ones too, and so does a table of
 * bytes by pfn: an object's address alone finds its cache with one load. A slab starts at a
 * multiple of its size.
 *
 * In front of every policy stands, for each cache and CPU, an array of objects at hand
 * (slab_array.h). A hit needs the number alone, neither the cache's struct nor its policy;
 * only what misses comes to the functions below. A policy without arrays leaves them at
 * `none`, which is empty and full at once. Where that is SLUB without sheaves, the list of the
 * CPU's own slab comes next.
 */
#ifndef MMCORE_SLAB_H
#define MMCORE_SLAB_H

#include "frame.h"
#include "pool.h"
#include "shrinker.h"
#include "tri_kmalloc.h"
#include "tri_slab.h"

/* Cache numbers: 0 is no cache, the last one marks frames that caches share. */
#define SLAB_NUMBERS (TRI_MAX_CACHES + 2)
#define SLAB_SHARED  (SLAB_NUMBERS - 1)
_Static_assert(SLAB_SHARED <= UINT8_MAX, "a number is a byte");

#define SLAB_MAX_OBJECT (4UL << 20 >> 4)
#define SLAB_CACHE_LINE 64U

/* Free objects in the order they were freed: SLAB's array_cache, SLUB's sheaf. */
struct slab_array {
	uint32_t count, limit;
	struct slab_array *next; /* its list's */
	void *object[];
};

/* The first two are changed as one, by plat_cas16_local(). See slab_slub.c. */
struct slub_cpu {
	uint64_t freelist; /* of slab: first object */
	uint64_t tid;
	struct frame *slab;    /* frozen: only its CPU allocates from it; or NULL */
	struct frame *partial; /* a chain through frame->next */
	char *first;	       /* byte of the slab */
	uint32_t bytes;	       /* of the slab; 0: it has none */
	uint16_t partial_slabs;
	uint16_t link; /* in a free object, in words, + 1; 0: not without slab_slub.c */
} __attribute__((aligned(16)));

/* What a cache has on one CPU: tri_cpu.slab[number]; between tri_enter() and tri_leave(). */
struct slab_cpu {
	struct slab_array *array; /* never NULL; allocations and frees hit this one */
	struct slab_array *spare; /* or NULL */
	struct slub_cpu slub;
} __attribute__((aligned(64)));

#define KMALLOC_CLASSES 13
/* Unmovable, reclaimable, DMA: each has all classes; numbers follow each other. */
#define KMALLOC_KINDS 3
/* Arrays come from pools of 64, 128 .. 1024 bytes. */
#define SLAB_POOLS     5
#define SLAB_ARRAY_MAX ((1024 - sizeof(struct slab_array)) / sizeof(void *))

/* Part of struct tri_core. */
struct slab {
	/*
	 * The number of the kmalloc cache of the unmovable kind for (size + 7) / 8: a load is
	 * cheaper than finding the class of 13, two of them no powers of two. 0: ask kmalloc.c.
	 */
	uint8_t kmalloc[TRI_KMALLOC_MAX_CACHE / 8 + 1];
	/* The same where kmalloc[] has only 0, that all ask: init_on_alloc=1. */
	uint8_t class[TRI_KMALLOC_MAX_CACHE / 8 + 1];
	/*
	 * frame->cache once more, for kfree: one load instead of three in a row to the frame and
	 * from it, and 64 frames to a cache line. A byte a page from where the lowest section
	 * lent is seen to the end of the highest, holes included.
	 */
	uint8_t *number;
	char *number_first; /* the page that number[0] is of */
	unsigned long numbers;
	struct slab_array none; /* 0 objects, room for 0 */
	struct pool array_pool[SLAB_POOLS];
	plat_mutex_t mutex; /* the table, and create, destroy, shrink of its caches */
	struct kmem_cache *cache[SLAB_NUMBERS];
	unsigned long frames; /* of slabs; atomic */
	struct tri_shrinker shrinker;
	char *boot; /* room for the structs of the kmalloc caches, then for number[] */
};

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
	uint16_t frames_order; /* of the block this struct lives in; SLAB_BOOT: in the core */
	/* Whose arrays hits try: its number, or 0 where objects are cleared. Read by fast paths. */
	uint8_t alloc_hit, free_hit;
	/* The policy's own struct follows, aligned to 128: slab_private(). */
} __attribute__((aligned(128)));
#define SLAB_BOOT	UINT16_MAX
#define SLAB_BOOT_ALIGN 128UL

static inline void *slab_private(struct kmem_cache *cache)
{
	return cache + 1;
}

/* The number of the cache in whose frame @object lies; 0 for any address that none has. */
static inline unsigned int slab_number(const struct slab *slab, const void *object)
{
	unsigned long page = (uintptr_t)object - (uintptr_t)slab->number_first;

	page /= TRI_PAGE_SIZE;
	return __builtin_expect(page < slab->numbers, 1) ? slab->number[page] : 0;
}

/* For slabinfo, and for what a request really holds. */
struct slab_stat {
	unsigned long objects_active; /* in a user's hands */
	unsigned long objects_total;
	unsigned long slabs_active, slabs_total;
	unsigned long frames; /* of slabs */
};

/*
 * One set of these per policy. @caller is the address that asked, for STORE_USER.
 * private_bytes: core->cpus, policy and tunable are set, no more.
 * setup: size, align, flags, object_size and ctor are set; choose order, objects, size.
 * alloc: this CPU's array was empty. free: it was full; @frame is that of @object, of this
 *   cache: slab.c has checked it.
 * alloc_bulk: @n or 0. Both bulk calls may use the arrays.
 * empty: give back every slab that holds no object in use, per-CPU ones included, the other
 *   CPUs being stopped; how many frames were freed.
 * teardown: after empty; log what is in use by slab_report_leak(); how many objects.
 * stat: the other CPUs are stopped.
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

/* Called by the core. */
size_t slab_boot_bytes(const struct tri_core *core);
void slab_init(struct tri_core *core);
void slab_exit(struct tri_core *core);

/* --- For slab.c's like: what the arrays do not serve. See slab_array.h. --- */

void *slab_miss_alloc(struct kmem_cache *cache, tri_gfp_t gfp, uintptr_t caller);
void slab_miss_free(struct kmem_cache *cache, struct frame *frame, void *object, uintptr_t caller);

size_t slab_private_bytes(const struct tri_core *core);
/* Complete @cache and enter it as @number: 0, or what the policy's setup says. */
int slab_cache_setup(struct tri_core *core, struct kmem_cache *cache, unsigned int number);

/* --- For the policies --- */

/* The 1 << @order frames from @frame on, their owner's, are of cache @number; 0: of none. */
void slab_number_frames(struct tri_core *core, struct frame *frame, unsigned int order,
			unsigned int number);

/* Log it: an object that is in use while its cache ends. */
void slab_report_leak(struct kmem_cache *cache, const void *object);

/* Frames for a slab of @cache, its number in each; or NULL. May sleep if @gfp says so. */
struct frame *slab_frames_get(struct kmem_cache *cache, tri_gfp_t gfp, unsigned int order);
/* Not between tri_enter() and tri_leave(). */
void slab_frames_put(struct kmem_cache *cache, struct frame *frame);

/* Calls @visit for the first frame of each slab of @cache. No CPU is inside, or all stopped. */
void slab_for_each(struct kmem_cache *cache,
		   void (*visit)(struct kmem_cache *, struct frame *, void *), void *data);

/* An empty array for @limit objects, up to SLAB_ARRAY_MAX, or NULL. Does not sleep. */
struct slab_array *slab_array_new(struct tri_core *core, uint32_t limit);
/* Its objects are elsewhere now. Neither call between tri_enter() and tri_leave(). */
void slab_array_delete(struct tri_core *core, struct slab_array *array);

#endif /* MMCORE_SLAB_H */
