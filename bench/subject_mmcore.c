/* SPDX-License-Identifier: GPL-2.0-only */
/* subject_mmcore.c - this project's memory core, through the CPU's current core. */
#include "subject.h"

/* Who asks says what a failure means: no line of log each. */
#define GFP (TRI_GFP_KERNEL | TRI_GFP_NOWARN)

static void *mmcore_valloc(uintptr_t bytes)
{
	return tri_vmalloc(bytes);
}

static void mmcore_vfree(void *memory, uintptr_t bytes)
{
	(void)bytes;
	tri_vfree(memory);
}

static unsigned long mmcore_vusable(void *memory, uintptr_t bytes)
{
	(void)memory;
	return (bytes + TRI_PAGE_SIZE - 1) & -TRI_PAGE_SIZE;
}

static void *mmcore_vrealloc(void *memory, uintptr_t bytes, uintptr_t now)
{
	(void)bytes;
	return tri_vrealloc(memory, now, GFP);
}

static const struct subject_api virtual_areas = {
	.alloc = mmcore_valloc,
	.free = mmcore_vfree,
	.realloc = mmcore_vrealloc,
	.usable = mmcore_vusable,
};

static void *mmcore_valloc_huge(uintptr_t bytes)
{
	return tri_vmalloc_huge(bytes, GFP);
}

static const struct subject_api huge_areas = {
	.alloc = mmcore_valloc_huge,
	.free = mmcore_vfree,
	.usable = mmcore_vusable,
};

static void *mmcore_valloc_align(uintptr_t what)
{
	return tri_vmalloc_align(subject_bytes(what), 1UL << subject_shift(what),
				 GFP | TRI_GFP_ZERO);
}

static const struct subject_api aligned_areas = {
	.alloc = mmcore_valloc_align,
	.free = mmcore_vfree,
};

/* Pinned, as who may not sleep is. */
static void *mmcore_valloc_nowait(uintptr_t what)
{
	return tri_vmalloc_nowait(subject_bytes(what),
				  (subject_shift(what) ? TRI_GFP_ATOMIC : TRI_GFP_NOWAIT) |
					  TRI_GFP_NOWARN);
}

static const struct subject_api nowait_areas = {
	.alloc = mmcore_valloc_nowait,
	.free = mmcore_vfree,
};

/* What frames_get()'s handle points to, in memory for bookkeeping. */
struct mmcore_frames {
	unsigned long n, pfn[];
};

static uintptr_t mmcore_frames_get(unsigned long n)
{
	struct mmcore_frames *frames =
		host_scratch_alloc(sizeof(*frames) + n * sizeof(frames->pfn[0]));

	if (!frames)
		return 0;
	for (frames->n = 0; frames->n < n; frames->n++) {
		frames->pfn[frames->n] = tri_alloc_pages(GFP, 0);
		if (frames->pfn[frames->n] == TRI_PFN_NONE)
			break;
	}
	if (frames->n == n)
		return (uintptr_t)frames;
	tri_free_pages_bulk(frames->n, frames->pfn);
	host_scratch_free(frames, sizeof(*frames) + n * sizeof(frames->pfn[0]));
	return 0;
}

static void mmcore_frames_put(uintptr_t handle)
{
	struct mmcore_frames *frames = (struct mmcore_frames *)handle;

	tri_free_pages_bulk(frames->n, frames->pfn);
	host_scratch_free(frames, sizeof(*frames) + frames->n * sizeof(frames->pfn[0]));
}

static void *mmcore_vmap(uintptr_t handle)
{
	const struct mmcore_frames *frames = (const struct mmcore_frames *)handle;

	return tri_vmap(frames->pfn, frames->n);
}

static void mmcore_vunmap(void *memory, uintptr_t handle)
{
	(void)handle;
	tri_vunmap(memory);
}

static const struct subject_api maps = {
	.alloc = mmcore_vmap,
	.free = mmcore_vunmap,
};

static void *mmcore_map_ram(uintptr_t handle)
{
	const struct mmcore_frames *frames = (const struct mmcore_frames *)handle;

	return tri_vm_map_ram(frames->pfn, frames->n);
}

static void mmcore_unmap_ram(void *memory, uintptr_t handle)
{
	if (memory)
		tri_vm_unmap_ram(memory, ((const struct mmcore_frames *)handle)->n);
}

static const struct subject_api short_maps = {
	.alloc = mmcore_map_ram,
	.free = mmcore_unmap_ram,
};

static void *mmcore_page_alloc(uintptr_t order)
{
	unsigned long pfn = tri_alloc_pages(GFP, order);

	return pfn == TRI_PFN_NONE ? NULL : plat_pfn_to_ptr(pfn);
}

static void *mmcore_page_zeroed(uintptr_t order)
{
	unsigned long pfn = tri_alloc_pages(GFP | TRI_GFP_ZERO, order);

	return pfn == TRI_PFN_NONE ? NULL : plat_pfn_to_ptr(pfn);
}

static void mmcore_page_free(void *memory, uintptr_t order)
{
	tri_free_pages(plat_ptr_to_pfn(memory), order);
}

static unsigned long mmcore_page_usable(void *memory, uintptr_t order)
{
	(void)memory;
	return TRI_PAGE_SIZE << order;
}

/*
 * pfns in the place of pointers: what a batch holds is looked at by nobody, and to convert it
 * would be measured as well. Single pages only, as the call has no order.
 */
static unsigned long mmcore_pages(uintptr_t order, unsigned long n, void **objects)
{
	unsigned long *pfn = (unsigned long *)objects, done;

	(void)order;
	for (unsigned long i = 0; i < n; i++)
		pfn[i] = TRI_PFN_NONE;
	done = tri_alloc_pages_bulk(GFP, n, pfn);
	if (done == n)
		return n;
	tri_free_pages_bulk(n, pfn);
	return 0;
}

static void mmcore_pages_free(uintptr_t order, unsigned long n, void **objects)
{
	(void)order;
	tri_free_pages_bulk(n, (unsigned long *)objects);
}

static const struct subject_api pages = {
	.alloc = mmcore_page_alloc,
	.free = mmcore_page_free,
	.alloc_bulk = mmcore_pages,
	.free_bulk = mmcore_pages_free,
	.usable = mmcore_page_usable,
	.alloc_zeroed = mmcore_page_zeroed,
};

static void *mmcore_kmalloc(uintptr_t bytes)
{
	return tri_kmalloc(bytes, GFP);
}

static void *mmcore_kzalloc(uintptr_t bytes)
{
	return tri_kmalloc(bytes, GFP | TRI_GFP_ZERO);
}

static void mmcore_kfree(void *memory, uintptr_t bytes)
{
	(void)bytes;
	tri_kfree(memory);
}

static void mmcore_kfree_bulk(uintptr_t bytes, unsigned long n, void **objects)
{
	(void)bytes;
	tri_kfree_bulk(n, objects);
}

static unsigned long mmcore_ksize(void *memory, uintptr_t bytes)
{
	(void)bytes;
	return tri_ksize(memory);
}

static const struct subject_api by_size = {
	.alloc = mmcore_kmalloc,
	.free = mmcore_kfree,
	.free_bulk = mmcore_kfree_bulk,
	.usable = mmcore_ksize,
	.alloc_zeroed = mmcore_kzalloc,
};

static void *mmcore_kvmalloc(uintptr_t bytes)
{
	return tri_kvmalloc(bytes, GFP);
}

static void *mmcore_kvzalloc(uintptr_t bytes)
{
	return tri_kvmalloc(bytes, GFP | TRI_GFP_ZERO);
}

static void mmcore_kvfree(void *memory, uintptr_t bytes)
{
	(void)bytes;
	tri_kvfree(memory);
}

static const struct subject_api somehow = {
	.alloc = mmcore_kvmalloc,
	.free = mmcore_kvfree,
	.alloc_zeroed = mmcore_kvzalloc,
};

static void *mmcore_object(uintptr_t cache)
{
	return tri_kmem_cache_alloc((struct kmem_cache *)cache, GFP);
}

static void *mmcore_object_zeroed(uintptr_t cache)
{
	return tri_kmem_cache_alloc((struct kmem_cache *)cache, GFP | TRI_GFP_ZERO);
}

static void mmcore_object_free(void *object, uintptr_t cache)
{
	tri_kmem_cache_free((struct kmem_cache *)cache, object);
}

static unsigned long mmcore_objects(uintptr_t cache, unsigned long n, void **objects)
{
	return tri_kmem_cache_alloc_bulk((struct kmem_cache *)cache, GFP, n, objects);
}

static void mmcore_objects_free(uintptr_t cache, unsigned long n, void **objects)
{
	tri_kmem_cache_free_bulk((struct kmem_cache *)cache, n, objects);
}

static unsigned long mmcore_object_size(void *object, uintptr_t cache)
{
	(void)object;
	return tri_kmem_cache_size((struct kmem_cache *)cache);
}

static const struct subject_api caches = {
	.alloc = mmcore_object,
	.free = mmcore_object_free,
	.alloc_bulk = mmcore_objects,
	.free_bulk = mmcore_objects_free,
	.usable = mmcore_object_size,
	.alloc_zeroed = mmcore_object_zeroed,
};

/* Not merged with another cache: what is measured is this one's. */
static uintptr_t mmcore_cache_create(unsigned int size)
{
	return (uintptr_t)tri_kmem_cache_create("bench", size, 0, TRI_SLAB_NO_MERGE, NULL);
}

static void mmcore_cache_destroy(uintptr_t cache)
{
	tri_kmem_cache_destroy((struct kmem_cache *)cache);
}

/* Frames of the core that nobody else could have now: data, tables and its own objects. */
static long mmcore_held(void)
{
	struct tri_status status;

	tri_status_read(plat_core(), &status);
	return (long)((status.frames - status.frames_free) * TRI_PAGE_SIZE);
}

static void mmcore_finish(void)
{
	tri_vmalloc_purge();
}

const struct subject subject_mmcore = {
	.name = "mmcore",
	.about = "trimm's memory core",
	.core = &core_calls_mmcore,
	.has_memory = true,
	.api = {[SUBJECT_VMALLOC] = &virtual_areas,
		[SUBJECT_KMALLOC] = &by_size,
		[SUBJECT_KVMALLOC] = &somehow,
		[SUBJECT_PAGES] = &pages,
		[SUBJECT_CACHE] = &caches,
		[SUBJECT_VMALLOC_HUGE] = &huge_areas,
		[SUBJECT_VMAP] = &maps,
		[SUBJECT_VMALLOC_ALIGN] = &aligned_areas,
		[SUBJECT_VMALLOC_NOBLOCK] = &nowait_areas,
		[SUBJECT_VM_MAP_RAM] = &short_maps},
	.lacks = {[SUBJECT_PERCPU] = "mmcore has no per-CPU allocator",
		  [SUBJECT_KVFREE_RCU] = "mmcore has no RCU, whose grace period it would wait for",
		  [SUBJECT_KVFREE_RCU_MIGHTSLEEP] =
			  "mmcore has no RCU, whose grace period it would wait for"},
	.cache_create = mmcore_cache_create,
	.cache_destroy = mmcore_cache_destroy,
	.frames_get = mmcore_frames_get,
	.frames_put = mmcore_frames_put,
	.held = mmcore_held,
	.finish = mmcore_finish,
};
