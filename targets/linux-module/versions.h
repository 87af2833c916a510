/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * versions.h - where Linux's interfaces differ between the kernels this module is built for, each
 * with the change that made the difference. Nothing else here looks at a kernel's version.
 */
#ifndef LINUX_MODULE_VERSIONS_H
#define LINUX_MODULE_VERSIONS_H

#include <linux/mmzone.h>
#include <linux/version.h>

/*
 * The largest block alloc_pages() has, as an order. MAX_ORDER was one more until 6.4 (23baf831a32c,
 * "mm, treewide: redefine MAX_ORDER sanely"); 6.8 renamed it (5e0a760b4441).
 */
#ifdef MAX_PAGE_ORDER
#define VERSIONS_MAX_ORDER MAX_PAGE_ORDER
#else
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define VERSIONS_MAX_ORDER MAX_ORDER
#else
#define VERSIONS_MAX_ORDER (MAX_ORDER - 1)
#endif
#endif

/*
 * A cache of its own, whatever others of its size there are: SLAB_NO_MERGE is of 6.5 (d0bf7d5759c1,
 * "mm/slab: introduce kmem_cache flag SLAB_NO_MERGE"). Before, caches whose objects may be copied
 * to user space are not merged either; allocating and freeing does not look at that.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#define VERSIONS_CACHE_CREATE(name, size) kmem_cache_create(name, size, 0, SLAB_NO_MERGE, NULL)
#else
#define VERSIONS_CACHE_CREATE(name, size) \
	kmem_cache_create_usercopy(name, size, 0, 0, 0, size, NULL)
#endif

/* 6.14 renamed it (6bf9b5b40af4, "mm: alloc_pages_bulk: rename API"). */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#define VERSIONS_ALLOC_PAGES_BULK alloc_pages_bulk
#else
#define VERSIONS_ALLOC_PAGES_BULK alloc_pages_bulk_array
#endif

/*
 * To resize memory of vmalloc(): 6.12 has vrealloc() (3ddc2fefe6f3, "mm: vmalloc: implement
 * vrealloc()"), which modules reach through kvrealloc() alone (590b9d576cae, "mm: kvmalloc: align
 * kvrealloc() with krealloc()"). Before, kvrealloc() could answer with memory of kmalloc().
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define VERSIONS_HAS_VREALLOC	       true
#define VERSIONS_VREALLOC(p, now, gfp) kvrealloc(p, now, gfp)
#else
#define VERSIONS_HAS_VREALLOC	       false
#define VERSIONS_VREALLOC(p, now, gfp) NULL
#endif

/*
 * vmalloc() at an alignment is for modules only where test_vmalloc is one: the export is its own
 * (3f21a6b7ef20, "vmalloc: add test driver to analyse vmalloc allocator").
 */
#if IS_MODULE(CONFIG_TEST_VMALLOC)
#define VERSIONS_HAS_VMALLOC_ALIGN true
#define VERSIONS_VMALLOC_ALIGN(bytes, align, gfp) \
	__vmalloc_node(bytes, align, gfp, NUMA_NO_NODE, __builtin_return_address(0))
#else
#define VERSIONS_HAS_VMALLOC_ALIGN		  false
#define VERSIONS_VMALLOC_ALIGN(bytes, align, gfp) NULL
#endif

/*
 * From 6.19 on vmalloc() does not sleep for who says so ("mm/vmalloc: handle non-blocking GFP in
 * __vmalloc_area_node()"); before, it may whatever its flags are.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
#define VERSIONS_HAS_VMALLOC_NOBLOCK true
#else
#define VERSIONS_HAS_VMALLOC_NOBLOCK false
#endif

/* 6.4, and 6.1's updates, renamed it (608723c41cd9, "rcu/kvfree: Add kvfree_rcu_mightsleep()"). */
#ifdef kvfree_rcu_mightsleep
#define VERSIONS_KVFREE_RCU_MIGHTSLEEP kvfree_rcu_mightsleep
#else
#define VERSIONS_KVFREE_RCU_MIGHTSLEEP kvfree_rcu
#endif

/*
 * Until all that kvfree_rcu() was given is free: 6.12 (2b55d6a42d14, "rcu/kvfree: Add
 * kvfree_rcu_barrier() API"). Before, nobody can wait for it: a grace period will have passed, and
 * the kernel frees the rest in its own time, some seconds.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define VERSIONS_KVFREE_RCU_BARRIER() kvfree_rcu_barrier()
#else
#define VERSIONS_KVFREE_RCU_BARRIER() synchronize_rcu()
#endif

#endif /* LINUX_MODULE_VERSIONS_H */
