/* SPDX-License-Identifier: GPL-2.0-only */
/* vmalloc.h - what the files of the vmalloc family share. See tri_vmalloc.h. */
#ifndef MMCORE_VMALLOC_H
#define MMCORE_VMALLOC_H

#include "areas.h"
#include "frame.h"

/* Pages that @bytes fill, without overflow. */
static inline unsigned long vmalloc_pages(unsigned long bytes)
{
	return bytes / TRI_PAGE_SIZE + (bytes % TRI_PAGE_SIZE != 0);
}

/*
 * A live area of @pages and a guard, at a multiple of @align_pages; NULL, when none is left
 * after fragmented blocks have been given up and waiting areas flushed. May sleep.
 */
struct area *vmalloc_room(struct tri_core *core, unsigned long pages, unsigned long align_pages);
/* The live area of @kind that starts at @addr, now WAITING; or panic, on behalf of @who. */
struct area *vmalloc_retire(struct tri_core *core, const void *addr, enum tri_area_kind kind,
			    const char *who);
/* tri_vmalloc_gfp() and tri_vmalloc_huge(). */
void *vmalloc_new(struct tri_core *core, unsigned long size, tri_gfp_t gfp, bool huge);
/* Zero user memory through its own address, and count. */
void vmalloc_zero(struct tri_core *core, uintptr_t start, unsigned long bytes);
/* Of an area's @pages, [from, size) is the user's, what lies behind it nobody's. */
void vmalloc_open(struct tri_core *core, uintptr_t start, unsigned long from, unsigned long size,
		  unsigned long pages);

#endif /* MMCORE_VMALLOC_H */
