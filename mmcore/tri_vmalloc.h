/* SPDX-License-Identifier: GPL-2.0-only */
/* tri_vmalloc.h - virtually contiguous memory: Linux's vmalloc family (mm/vmalloc.c). */
#ifndef MMCORE_TRI_VMALLOC_H
#define MMCORE_TRI_VMALLOC_H

#include "gfp.h"

/*
 * @size bytes, rounded up to pages, of zero-offset, page-aligned, virtually contiguous
 * memory with one guard page behind it, or NULL. May sleep; may purge before it fails.
 * Contents are undefined. Linux: mm/vmalloc.c, vmalloc().
 */
void *tri_vmalloc(unsigned long size);

/*
 * Give back what tri_vmalloc() returned; NULL is allowed. Frames are free at once; when
 * the addresses are depends on the flush policy. Anything else panics. May sleep.
 */
void tri_vfree(const void *addr);

/* Flush and return every waiting area of this core now; how many areas there were. */
unsigned long tri_vmalloc_purge(void);

/* What lies at an address of the window, for reports and fault handlers. */
enum tri_where { TRI_OUTSIDE, TRI_FREE, TRI_LIVE, TRI_GUARD, TRI_WAITING };
struct tri_area_info {
	enum tri_where where;
	uintptr_t start, end; /* the area with its guard page; 0, 0 if OUTSIDE or FREE */
};
void tri_area_find(struct tri_core *core, uintptr_t addr, struct tri_area_info *info);

#endif /* MMCORE_TRI_VMALLOC_H */
