/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * subject_native.c - Linux's own allocators, those of the kernel this module is loaded into, by
 * the calls that modules have. Each does here what mmcore's does for bench/subject_mmcore.c.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>

#include "subjects.h"
#include "versions.h"

/*
 * Who asks says what a failure means: no line of log each, and no process killed for it. That is
 * asked where reclaim has failed, so neither costs an allocation that succeeds anything.
 */
#define GFP (GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

/* RETRY_MAYFAIL tells kvmalloc() to reclaim for contiguous pages first, which mmcore's does not. */
#define GFP_SOMEHOW (GFP_KERNEL | __GFP_NOWARN)

static void *native_valloc(uintptr_t bytes)
{
	return __vmalloc(bytes, GFP);
}

static void native_vfree(void *memory, uintptr_t bytes)
{
	(void)bytes;
	vfree(memory);
}

static void *native_vrealloc(void *memory, uintptr_t bytes, uintptr_t now)
{
	(void)bytes;
	return VERSIONS_VREALLOC(memory, now, GFP);
}

static unsigned long native_vusable(void *memory, uintptr_t bytes)
{
	(void)memory;
	return PAGE_ALIGN(bytes);
}

static const struct subject_api virtual_areas = {
	.alloc = native_valloc,
	.free = native_vfree,
	.realloc = VERSIONS_HAS_VREALLOC ? native_vrealloc : NULL,
	.usable = native_vusable,
};

static void *native_valloc_huge(uintptr_t bytes)
{
	return vmalloc_huge(bytes, GFP);
}

static const struct subject_api huge_areas = {
	.alloc = native_valloc_huge,
	.free = native_vfree,
	.usable = native_vusable,
};

static void *native_valloc_align(uintptr_t what)
{
	return VERSIONS_VMALLOC_ALIGN(subject_bytes(what), 1UL << subject_shift(what),
				      GFP | __GFP_ZERO);
}

static const struct subject_api aligned_areas = {
	.alloc = native_valloc_align,
	.free = native_vfree,
};

static void *native_valloc_noblock(uintptr_t what)
{
	gfp_t gfp = subject_shift(what) ? GFP_ATOMIC : GFP_NOWAIT;
	void *memory;

	preempt_disable();
	memory = __vmalloc(subject_bytes(what), gfp | __GFP_NOWARN);
	preempt_enable();
	return memory;
}

static const struct subject_api noblock_areas = {
	.alloc = native_valloc_noblock,
	.free = native_vfree,
};

/* A pointer that each CPU adds its own offset to; nobody here does. */
static void *native_percpu(uintptr_t what)
{
	return (__force void *)__alloc_percpu_gfp(subject_bytes(what), 1UL << subject_shift(what),
						  GFP);
}

static void native_percpu_free(void *memory, uintptr_t what)
{
	(void)what;
	free_percpu((__force void __percpu *)memory);
}

static const struct subject_api percpu = {
	.alloc = native_percpu,
	.free = native_percpu_free,
};

static void native_kvfree_rcu(void *memory, uintptr_t bytes)
{
	struct {
		struct rcu_head rcu;
	} *object = memory;

	(void)bytes;
	kvfree_rcu(object, rcu);
}

static void native_kvfree_rcu_mightsleep(void *memory, uintptr_t bytes)
{
	(void)bytes;
	VERSIONS_KVFREE_RCU_MIGHTSLEEP(memory);
}

static void native_kvfree_rcu_finish(void)
{
	VERSIONS_KVFREE_RCU_BARRIER();
}

static const struct subject_api freed_later = {
	.alloc = native_valloc,
	.free = native_kvfree_rcu,
	.finish = native_kvfree_rcu_finish,
};

static const struct subject_api freed_later_headless = {
	.alloc = native_valloc,
	.free = native_kvfree_rcu_mightsleep,
	.finish = native_kvfree_rcu_finish,
};

/* What frames_get()'s handle points to, in memory for bookkeeping. */
struct native_frames {
	unsigned int n;
	struct page *page[];
};

static void native_frames_put(uintptr_t handle)
{
	struct native_frames *frames = (struct native_frames *)handle;

	for (unsigned int i = 0; i < frames->n && frames->page[i]; i++)
		__free_page(frames->page[i]);
	host_scratch_free(frames, struct_size(frames, page, frames->n));
}

static uintptr_t native_frames_get(unsigned long n)
{
	struct native_frames *frames = host_scratch_alloc(struct_size(frames, page, n));

	if (!frames)
		return 0;
	frames->n = n;
	for (unsigned int i = 0; i < n; i++) {
		frames->page[i] = alloc_page(GFP);
		if (!frames->page[i]) {
			native_frames_put((uintptr_t)frames);
			return 0;
		}
	}
	return (uintptr_t)frames;
}

static void *native_vmap(uintptr_t handle)
{
	struct native_frames *frames = (struct native_frames *)handle;

	return vmap(frames->page, frames->n, VM_MAP, PAGE_KERNEL);
}

static void native_vunmap(void *memory, uintptr_t handle)
{
	(void)handle;
	vunmap(memory);
}

static const struct subject_api maps = {
	.alloc = native_vmap,
	.free = native_vunmap,
};

static void *native_map_ram(uintptr_t handle)
{
	struct native_frames *frames = (struct native_frames *)handle;

	return vm_map_ram(frames->page, frames->n, NUMA_NO_NODE);
}

static void native_unmap_ram(void *memory, uintptr_t handle)
{
	if (memory)
		vm_unmap_ram(memory, ((const struct native_frames *)handle)->n);
}

static const struct subject_api short_maps = {
	.alloc = native_map_ram,
	.free = native_unmap_ram,
};

static void *native_pages(uintptr_t order)
{
	struct page *page = alloc_pages(GFP, order);

	return page ? page_address(page) : NULL;
}

static void *native_pages_zeroed(uintptr_t order)
{
	struct page *page = alloc_pages(GFP | __GFP_ZERO, order);

	return page ? page_address(page) : NULL;
}

static void native_pages_free(void *memory, uintptr_t order)
{
	if (memory)
		__free_pages(virt_to_page(memory), order);
}

static unsigned long native_pages_usable(void *memory, uintptr_t order)
{
	(void)memory;
	return PAGE_SIZE << order;
}

/* Linux's has no order, fills the entries that are NULL and may stop early. */
static unsigned long native_pages_bulk(uintptr_t order, unsigned long n, void **objects)
{
	struct page **page = (struct page **)objects;
	unsigned long done = 0, before;

	(void)order;
	memset(objects, 0, n * sizeof(*objects));
	do {
		before = done;
		done = VERSIONS_ALLOC_PAGES_BULK(GFP, n, page);
	} while (done < n && done > before);
	if (done == n)
		return n;
	while (done)
		__free_page(page[--done]);
	return 0;
}

/* Who allocates in bulk in Linux (vmalloc, page_pool, sunrpc) frees page by page. */
static void native_pages_free_bulk(uintptr_t order, unsigned long n, void **objects)
{
	(void)order;
	for (unsigned long i = 0; i < n; i++)
		__free_page(objects[i]);
}

static const struct subject_api pages = {
	.alloc = native_pages,
	.free = native_pages_free,
	.alloc_bulk = native_pages_bulk,
	.free_bulk = native_pages_free_bulk,
	.usable = native_pages_usable,
	.alloc_zeroed = native_pages_zeroed,
};

static void *native_kmalloc(uintptr_t bytes)
{
	return kmalloc(bytes, GFP);
}

static void *native_kzalloc(uintptr_t bytes)
{
	return kzalloc(bytes, GFP);
}

static void native_kfree(void *memory, uintptr_t bytes)
{
	(void)bytes;
	kfree(memory);
}

static void native_kfree_bulk(uintptr_t bytes, unsigned long n, void **objects)
{
	(void)bytes;
	kfree_bulk(n, objects);
}

static unsigned long native_ksize(void *memory, uintptr_t bytes)
{
	(void)bytes;
	return ksize(memory);
}

static const struct subject_api by_size = {
	.alloc = native_kmalloc,
	.free = native_kfree,
	.free_bulk = native_kfree_bulk,
	.usable = native_ksize,
	.alloc_zeroed = native_kzalloc,
};

static void *native_kvmalloc(uintptr_t bytes)
{
	return kvmalloc(bytes, GFP_SOMEHOW);
}

static void *native_kvzalloc(uintptr_t bytes)
{
	return kvzalloc(bytes, GFP_SOMEHOW);
}

static void native_kvfree(void *memory, uintptr_t bytes)
{
	(void)bytes;
	kvfree(memory);
}

static const struct subject_api somehow = {
	.alloc = native_kvmalloc,
	.free = native_kvfree,
	.alloc_zeroed = native_kvzalloc,
};

static void *native_object(uintptr_t cache)
{
	return kmem_cache_alloc((struct kmem_cache *)cache, GFP);
}

static void *native_object_zeroed(uintptr_t cache)
{
	return kmem_cache_zalloc((struct kmem_cache *)cache, GFP);
}

static void native_object_free(void *object, uintptr_t cache)
{
	kmem_cache_free((struct kmem_cache *)cache, object);
}

static unsigned long native_objects(uintptr_t cache, unsigned long n, void **objects)
{
	return kmem_cache_alloc_bulk((struct kmem_cache *)cache, GFP, n, objects);
}

static void native_objects_free(uintptr_t cache, unsigned long n, void **objects)
{
	kmem_cache_free_bulk((struct kmem_cache *)cache, n, objects);
}

static unsigned long native_object_size(void *object, uintptr_t cache)
{
	(void)object;
	return kmem_cache_size((struct kmem_cache *)cache);
}

static const struct subject_api caches = {
	.alloc = native_object,
	.free = native_object_free,
	.alloc_bulk = native_objects,
	.free_bulk = native_objects_free,
	.usable = native_object_size,
	.alloc_zeroed = native_object_zeroed,
};

/* A name of its own, as arms and workers may have one each, and names are files in sysfs. */
static uintptr_t native_cache_create(unsigned int size)
{
	static atomic_t made = ATOMIC_INIT(0);
	char name[32];

	snprintf(name, sizeof(name), "trimm-bench-%u", (unsigned int)atomic_inc_return(&made));
	return (uintptr_t)VERSIONS_CACHE_CREATE(name, size);
}

static void native_cache_destroy(uintptr_t cache)
{
	kmem_cache_destroy((struct kmem_cache *)cache);
}

/* "Linux 6.1.0-41-cloud-amd64", and what makes its allocators do more than they must. */
static const char *native_version(void)
{
	static char text[128];

	snprintf(text, sizeof(text), "Linux %s%s%s", init_utsname()->release,
		 want_init_on_alloc(0) ? " init_on_alloc=1" : "",
		 want_init_on_free() ? " init_on_free=1" : "");
	return text;
}

/* All that is not free, whoever has it: other growth meanwhile is counted too. */
static long native_held(void)
{
	struct sysinfo info;

	si_meminfo(&info);
	return (long)((info.totalram - info.freeram) * PAGE_SIZE);
}

static void native_finish(void)
{
	vm_unmap_aliases();
}

const struct subject subject_native = {
	.name = "native",
	.about = "the allocators of the Linux it runs in",
	.has_memory = true,
	.api = {[SUBJECT_VMALLOC] = &virtual_areas,
		[SUBJECT_KMALLOC] = &by_size,
		[SUBJECT_KVMALLOC] = &somehow,
		[SUBJECT_PAGES] = &pages,
		[SUBJECT_CACHE] = &caches,
		[SUBJECT_VMALLOC_HUGE] = &huge_areas,
		[SUBJECT_VMAP] = &maps,
		[SUBJECT_VMALLOC_ALIGN] = VERSIONS_HAS_VMALLOC_ALIGN ? &aligned_areas : NULL,
		[SUBJECT_VMALLOC_NOBLOCK] = VERSIONS_HAS_VMALLOC_NOBLOCK ? &noblock_areas : NULL,
		[SUBJECT_PERCPU] = &percpu,
		[SUBJECT_KVFREE_RCU] = &freed_later,
		[SUBJECT_KVFREE_RCU_MIGHTSLEEP] = &freed_later_headless,
		[SUBJECT_VM_MAP_RAM] = &short_maps},
	.lacks = {[SUBJECT_VMALLOC_ALIGN] = "this kernel has no aligned vmalloc for modules: "
					    "CONFIG_TEST_VMALLOC=m exports it",
		  [SUBJECT_VMALLOC_NOBLOCK] = "vmalloc of a Linux before 6.19 may sleep"},
	.cache_create = native_cache_create,
	.cache_destroy = native_cache_destroy,
	.frames_get = native_frames_get,
	.frames_put = native_frames_put,
	.version = native_version,
	.held = native_held,
	.finish = native_finish,
};
