/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tri_vmalloc.h - virtually contiguous memory: Linux's vmalloc family (mm/vmalloc.c).
 *
 * Addresses are page aligned, with a guard page behind each area that faults. Failure is NULL,
 * after waiting addresses have been flushed and looked at again. All calls but
 * tri_vmalloc_nowait() may sleep; calling them pinned is caught at check level 1. Handing over
 * anything but what the contract asks for panics. An area belongs to its caller: two calls for one
 * at the same time are a mistake.
 */
#ifndef MMCORE_TRI_VMALLOC_H
#define MMCORE_TRI_VMALLOC_H

#include "gfp.h"

/* @size bytes, in whole pages of frames; contents undefined. Linux: vmalloc(). */
void *tri_vmalloc(unsigned long size);
/* All @size bytes zero. Linux: vzalloc(). */
void *tri_vzalloc(unsigned long size);
/*
 * With TRI_GFP_ZERO as tri_vzalloc(); with TRI_GFP_NOFAIL until it succeeds, but for a @size
 * beyond all frames there are. Frames are of any zone. Linux: __vmalloc().
 */
void *tri_vmalloc_gfp(unsigned long size, tri_gfp_t gfp);
/*
 * The same at a multiple of @align bytes, a power of two; what is below a page means a page.
 * NULL also for an @align larger than the window. Linux: __vmalloc_node(), tried with large
 * alignments by lib/test_vmalloc.c.
 */
void *tri_vmalloc_align(unsigned long size, unsigned long align, tri_gfp_t gfp);
/*
 * As tri_vmalloc_gfp(), without sleeping: may be called pinned, and is so while it runs, some
 * hundred ns a page. Neither flushes nor reclaims; NULL where that would be needed. @gfp:
 * TRI_GFP_ATOMIC, which may use part of the reserves, or TRI_GFP_NOWAIT, each with ZERO and NOWARN.
 * Linux 6.19: __vmalloc() with such flags ("mm/vmalloc: handle non-blocking GFP in
 * __vmalloc_area_node()").
 */
void *tri_vmalloc_nowait(unsigned long size, tri_gfp_t gfp);
/*
 * As tri_vmalloc_gfp(), each whole 2 MiB of it by one page-table entry while frames come in such
 * blocks, 4 KiB entries for the rest; all of them with huge=off. Linux 5.13: vmalloc_huge(), which
 * rounds @size up to 2 MiB where we don't.
 */
void *tri_vmalloc_huge(unsigned long size, tri_gfp_t gfp);
/*
 * Give back what one of the above returned; NULL is allowed. Frames are free at once; when
 * the addresses are depends on the flush policy. Linux: vfree().
 */
void tri_vfree(const void *addr);

/*
 * Resize what tri_vmalloc() or one like it returned: the contents up to the smaller size stay,
 * with TRI_GFP_ZERO every byte that is new is zero (whatever it was before an earlier shrink),
 * the others are undefined. The result may lie elsewhere; on failure it is NULL and @addr is
 * as before. NULL for @addr allocates; 0 for @size frees, and returns NULL. How it is done is
 * the policy vrealloc=. Linux 6.12: vrealloc().
 */
void *tri_vrealloc(const void *addr, unsigned long size, tri_gfp_t gfp);

/* The frame behind an address of any live area; TRI_PFN_NONE if there is none. Linux:
 * vmalloc_to_pfn(). */
unsigned long tri_vmalloc_to_pfn(const void *addr);

/*
 * Map @n frames of the caller's, in use by him until after tri_vunmap(), side by side. A frame
 * may be mapped more than once. Linux: vmap(), vunmap().
 */
void *tri_vmap(const unsigned long *pfns, unsigned long n);
void tri_vunmap(const void *addr);

/*
 * The same for mappings that are made and dropped often: up to TRI_RAM_MAX pages they share
 * areas that belong to a CPU each (policy vmap_blocks=percpu), which takes no global lock, and are
 * flushed together when all of such an area has been used. There is no guard page between
 * them. @n of both calls must agree. Linux 2.6.28: vm_map_ram(), vm_unmap_ram().
 */
#define TRI_RAM_MAX 64UL
void *tri_vm_map_ram(const unsigned long *pfns, unsigned long n);
void tri_vm_unmap_ram(const void *addr, unsigned long n);
/*
 * On return no CPU can use a translation that was unmapped, by any call of this header, before
 * this call began. Linux: vm_unmap_aliases().
 */
void tri_vm_unmap_aliases(void);

/* Flush and return every waiting area of this core now; how many areas there were. */
unsigned long tri_vmalloc_purge(void);

/* What lies at an address of the window, for reports and fault handlers. */
enum tri_where { TRI_OUTSIDE, TRI_FREE, TRI_LIVE, TRI_GUARD, TRI_WAITING };
enum tri_area_kind {
	TRI_AREA_VMALLOC, /* of tri_vmalloc() and those like it: has frames of its own */
	TRI_AREA_VMAP,	  /* maps its owner's frames */
	TRI_AREA_RAM,	  /* the same, of tri_vm_map_ram() */
	TRI_AREA_BLOCK,	  /* shared by small mappings of tri_vm_map_ram() */
};
struct tri_area_info {
	enum tri_where where;
	uintptr_t start, end;	 /* the area with its guard page; 0, 0 if OUTSIDE or FREE */
	enum tri_area_kind kind; /* LIVE and GUARD only, as is the next */
	unsigned long requested; /* bytes its owner asked for */
};
void tri_area_find(struct tri_core *core, uintptr_t addr, struct tri_area_info *info);

#endif /* MMCORE_TRI_VMALLOC_H */
