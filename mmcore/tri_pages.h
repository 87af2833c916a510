/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tri_pages.h - blocks of page frames.
 *
 * Failure is TRI_PFN_NONE or NULL. Any call with TRI_GFP_DIRECT_RECLAIM may sleep; calling
 * it pinned is caught at check level 1.
 */
#ifndef MMCORE_TRI_PAGES_H
#define MMCORE_TRI_PAGES_H

#include "gfp.h"

/* A block of 2^order frames (0..TRI_MAX_ORDER), aligned to its size: its first pfn. */
#define TRI_PFN_NONE (~0UL)
unsigned long tri_alloc_pages(tri_gfp_t gfp, unsigned int order);
/* Any pfn or order but what was allocated panics. */
void tri_free_pages(unsigned long pfn, unsigned int order);

#endif /* MMCORE_TRI_PAGES_H */
