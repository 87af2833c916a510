/* SPDX-License-Identifier: GPL-2.0-only */
/* kvmalloc.c - contiguous frames if they are easy to get, else contiguous addresses. */
#include "core.h"

/* Linux's kvmalloc_node() (mm/util.c): no effort for blocks that vmalloc can replace. */
static tri_gfp_t light(unsigned long size, tri_gfp_t gfp)
{
	if (size <= TRI_PAGE_SIZE)
		return gfp;
	gfp |= TRI_GFP_NOWARN;
	if (!(gfp & TRI_GFP_RETRY_MAYFAIL))
		gfp |= TRI_GFP_NORETRY;
	return gfp & ~TRI_GFP_NOFAIL;
}

static bool in_window(const void *memory)
{
	struct tri_core *core = plat_core();

	return (uintptr_t)memory >= core->window_start && (uintptr_t)memory < core->window_end;
}

void *tri_kvmalloc(unsigned long size, tri_gfp_t gfp)
{
	void *memory = tri_kmalloc(size, light(size, gfp));

	if (memory || size <= TRI_PAGE_SIZE || !(gfp & TRI_GFP_DIRECT_RECLAIM))
		return memory;
	return tri_vmalloc_gfp(size, gfp);
}

void *tri_kvzalloc(unsigned long size, tri_gfp_t gfp)
{
	return tri_kvmalloc(size, gfp | TRI_GFP_ZERO);
}

/* Linux's kvrealloc() of 6.12 (mm/util.c): what vmalloc made stays there, however small. */
void *tri_kvrealloc(void *memory, unsigned long size, tri_gfp_t gfp)
{
	void *moved;

	if (in_window(memory))
		return tri_vrealloc(memory, size, gfp);
	moved = tri_krealloc(memory, size, light(size, gfp));
	if (moved)
		return moved;
	moved = tri_kvmalloc(size, gfp);
	if (moved && memory) {
		/* It did not suffice, or krealloc would have kept it: all of it is copied. */
		memcpy(moved, memory, tri_ksize(memory));
		tri_kfree(memory);
	}
	return moved;
}

void tri_kvfree(const void *memory)
{
	if (in_window(memory))
		tri_vfree(memory);
	else
		tri_kfree(memory);
}
