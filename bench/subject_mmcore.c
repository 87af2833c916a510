/* SPDX-License-Identifier: GPL-2.0-only */
/* subject_mmcore.c - this project's memory core, through the CPU's current core. */
#include "subject.h"

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

static const struct subject_api virtual_areas = {
	.alloc = mmcore_valloc,
	.free = mmcore_vfree,
	.usable = mmcore_vusable,
};

static void *mmcore_page_alloc(uintptr_t order)
{
	unsigned long pfn = tri_alloc_pages(TRI_GFP_KERNEL, order);

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

static const struct subject_api pages = {
	.alloc = mmcore_page_alloc,
	.free = mmcore_page_free,
	.usable = mmcore_page_usable,
};

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
	.has_core = true,
	.has_memory = true,
	.api = {[SUBJECT_VMALLOC] = &virtual_areas, [SUBJECT_PAGES] = &pages},
	.held = mmcore_held,
	.finish = mmcore_finish,
};
