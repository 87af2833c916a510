/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tri_pages.h - blocks of page frames: Linux's alloc_pages() family (include/linux/gfp.h).
 *
 * Failure is TRI_PFN_NONE or NULL. Any call with TRI_GFP_DIRECT_RECLAIM may sleep; calling
 * it pinned is caught at check level 1. Freeing never sleeps; any CPU may free what another
 * allocated. To free what is not allocated, or with another order, panics.
 */
#ifndef MMCORE_TRI_PAGES_H
#define MMCORE_TRI_PAGES_H

#include "gfp.h"

/* A block of 2^order frames (0..TRI_MAX_ORDER), aligned to its size: its first pfn. */
#define TRI_PFN_NONE (~0UL)
unsigned long tri_alloc_pages(tri_gfp_t gfp, unsigned int order);
void tri_free_pages(unsigned long pfn, unsigned int order);

/* The same by pointer. */
void *tri_get_free_pages(tri_gfp_t gfp, unsigned int order);
void *tri_get_zeroed_page(tri_gfp_t gfp);
/* NULL is ignored. */
void tri_free_pages_ptr(const void *ptr, unsigned int order);
void tri_free_page_ptr(const void *ptr);

/*
 * Single frames into those of the @n entries of pfn[] that are TRI_PFN_NONE; how many are then
 * set, other ones included (Linux's alloc_pages_bulk_array()). Takes what is at hand and may
 * stop early, but sets one more at least, unless not even one can be had.
 */
unsigned long tri_alloc_pages_bulk(tri_gfp_t gfp, unsigned long n, unsigned long *pfn);
/* Entries that are TRI_PFN_NONE are skipped; all are afterwards. */
void tri_free_pages_bulk(unsigned long n, unsigned long *pfn);

/*
 * @size bytes, 1 to 4 MiB, contiguous, in whole pages: what the block has beyond them is
 * given back at once. Freed with the same @size.
 */
void *tri_alloc_pages_exact(tri_gfp_t gfp, unsigned long size);
void tri_free_pages_exact(const void *ptr, unsigned long size);

/*
 * Free blocks of all zones, by order, as large as they can be: as /proc/buddyinfo has them, so
 * without what per-CPU lists hold. Reads all of them; each is true at some moment of the call.
 */
struct tri_core;
void tri_free_blocks_read(struct tri_core *core, unsigned long count[TRI_MAX_ORDER + 1]);

/* Who served this CPU's last page allocation. */
enum tri_page_level {
	TRI_PAGE_PCP,	/* a list of its own */
	TRI_PAGE_BUDDY, /* the zone's free blocks, above the low mark: a refill too */
	TRI_PAGE_SLOW,	/* more than that was needed, or nothing found */
};
enum tri_page_level tri_page_level(void);

#endif /* MMCORE_TRI_PAGES_H */
