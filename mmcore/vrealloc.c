/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vrealloc.c - resize: in place if the policy can, else by a copy.
 *
 * An area knows how many bytes were asked for. Zeroing is exact: with TRI_GFP_ZERO the bytes
 * between the old and the new size are zeroed, once, by whoever makes them the user's; what
 * lies behind the size is nobody's and may hold anything. So neither an earlier shrink nor an
 * earlier call without the flag matters. (Linux relies on every call having had the flag, and
 * zeroes when it shrinks: 70d1eb031a68.)
 */
#include "core.h"
#include "vmalloc.h"
#include "vrealloc.h"

static int resize(struct tri_core *core, struct area *area, unsigned long size)
{
	switch (core->policy[TRI_QUESTION_vrealloc]) {
#define POLICY_vrealloc(answer, text, about) \
	case TRI_POLICY_vrealloc_##answer:   \
		return vrealloc_##answer(core, area, size);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown vrealloc policy");
	}
}

/* What a resized area has behind its @old bytes. */
static void zero_new(struct tri_core *core, uintptr_t start, unsigned long old, unsigned long size,
		     tri_gfp_t gfp)
{
	if (size <= old)
		return;
	if (gfp & TRI_GFP_ZERO)
		vmalloc_zero(core, start + old, size - old);
	else if (core->zones.detour & DETOUR_INIT_ALLOC)
		init_clear(core, (char *)start + old, size - old);
}

static void set_size(struct tri_core *core, struct area *area, unsigned long size, tri_gfp_t gfp)
{
	unsigned long old = area->requested;

	area_describe(area, TRI_AREA_VMALLOC, size);
	vmalloc_open(core, area_start(area), old, size, area->pages - 1);
	zero_new(core, area_start(area), old, size, gfp);
}

/* A larger area elsewhere, with the same contents. */
static void *move(struct tri_core *core, const struct area *area, unsigned long size, tri_gfp_t gfp)
{
	const void *from = (const void *)area_start(area);
	unsigned long old = area->requested;
	char *to = vmalloc_new(core, size, gfp & ~TRI_GFP_ZERO, false);

	if (!to)
		return NULL;
	memcpy(to, from, old);
	tri_count_pinning(core, TRI_EVENT_pages_copied, vmalloc_pages(old));
	trace_vrealloc_copy((uintptr_t)from, (uintptr_t)to, old);
	if (gfp & TRI_GFP_ZERO)
		vmalloc_zero(core, (uintptr_t)to + old, size - old);
	tri_vfree(from);
	return to;
}

void *tri_vrealloc(const void *addr, unsigned long size, tri_gfp_t gfp)
{
	struct tri_core *core = plat_core();
	struct area *area;

	if (!addr)
		return vmalloc_new(core, size, gfp, false);
	if (!size) {
		tri_vfree(addr);
		return NULL;
	}
	plat_might_sleep();
	area = areas_find(core, (uintptr_t)addr);
	if (!area || area->kind != TRI_AREA_VMALLOC) {
		plat_log("tri_vrealloc: %lx is not where a live area of its kind starts",
			 (unsigned long)addr);
		plat_panic(__FILE__, __LINE__, "not the start of a live area of this kind");
	}
	if (vmalloc_pages(size) > core->frames.count)
		return NULL;
	if (resize(core, area, size))
		return move(core, area, size, gfp);
	set_size(core, area, size, gfp);
	return (void *)area_start(area);
}
