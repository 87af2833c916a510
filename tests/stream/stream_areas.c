/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream_areas.c - the vmalloc family: areas apart from each other, mapped where they should
 * be, resized without losing a byte, reusable when flushed.
 */
#include <string.h>

#include "tests/stream/stream.h"

#define AREAS	 96
#define MAPPINGS 48
#define FRAMES	 64 /* of our own, to be mapped; more than once each */
#define MAP_MAX	 80 /* pages: some too many for the blocks of tri_vm_map_ram() */

static struct objects areas, frames;

/* Frames of ours, mapped by tri_vmap() or tri_vm_map_ram(). */
static struct mapping {
	char *at;
	unsigned long pfn[MAP_MAX], pages;
	bool ram;
} mappings[MAPPINGS];
static unsigned int nr_mappings;

static unsigned long pages_of(unsigned long size)
{
	return (size + TRI_PAGE_SIZE - 1) / TRI_PAGE_SIZE;
}

static void expect_in_window(const struct tri_core *core, const void *at, unsigned long pages)
{
	expect((uintptr_t)at % TRI_PAGE_SIZE == 0);
	expect((uintptr_t)at >= core->window_start &&
	       (uintptr_t)at + pages * TRI_PAGE_SIZE <= core->window_end);
}

static unsigned long choose_size(struct source *source, const struct tri_core *core)
{
	/* Large ones are what takes the time, and few of them fill the machine. */
	switch (source_below(source, 64)) {
	case 1:
		return source_size(source, (core->frames.count + 2) * TRI_PAGE_SIZE);
	case 2:
		return (2UL << 20) * (1 + source_below(source, 3)) - source_below(source, 5000);
	}
	return source_size(source, 16 * TRI_PAGE_SIZE);
}

/* Seldom zeros: the core's stores to a new area are a fault each in the model's TLB. */
static tri_gfp_t choose_gfp(struct source *source)
{
	return TRI_GFP_KERNEL | (source_below(source, 8) == 1 ? TRI_GFP_ZERO : 0);
}

static void allocate(struct source *source, struct tri_core *core)
{
	unsigned long size = choose_size(source, core);
	tri_gfp_t gfp = choose_gfp(source);
	void *at;

	if (areas.count == AREAS)
		return;
	switch (source_below(source, 16)) {
	case 0 ... 3:
		at = tri_vmalloc_huge(size, gfp);
		break;
	case 4 ... 7:
		at = tri_vmalloc_gfp(size, gfp);
		break;
	case 8:
		at = tri_vzalloc(size);
		gfp |= TRI_GFP_ZERO;
		break;
	default:
		at = tri_vmalloc(size);
		gfp = 0;
	}
	expect(!at || pages_of(size) <= core->frames.count);
	if (!at)
		return;
	expect_in_window(core, at, pages_of(size) + 1);
	expect(!(gfp & TRI_GFP_ZERO) || contents_zero(at, 0, size));
	objects_add(&areas, at, size, 0);
}

static void allocate_nothing(struct source *source)
{
	static const unsigned long bad[] = {0, ~0UL, ~0UL - TRI_PAGE_SIZE, 1UL << 63, 1UL << 40};
	unsigned long size = bad[source_below(source, sizeof(bad) / sizeof(bad[0]))];

	expect(!tri_vmalloc(size));
	expect(!tri_vmalloc_huge(size, TRI_GFP_KERNEL));
	expect(!tri_vrealloc(NULL, size, TRI_GFP_KERNEL));
	tri_vfree(NULL);
}

static void resize(struct source *source, struct tri_core *core, struct object *area)
{
	unsigned long before = area->size;
	/* Often a little, since that is when addresses behind may be free. */
	unsigned long size = source_below(source, 2) ? choose_size(source, core)
						     : 1 + source_below(source, 3 * before);
	tri_gfp_t gfp = choose_gfp(source);
	void *at = tri_vrealloc(area->at, size, gfp);

	if (!at) {
		expect(contents_intact(area->at, before, before, area->id));
		return;
	}
	expect_in_window(core, at, pages_of(size) + 1);
	expect(!(gfp & TRI_GFP_ZERO) || size <= before || contents_zero(at, before, size));
	objects_resize(&areas, area, at, size);
}

static void give(struct source *source, struct object *area)
{
	if (source_below(source, 8))
		tri_vfree(area->at);
	else
		expect(!tri_vrealloc(area->at, 0, TRI_GFP_KERNEL));
	objects_remove(&areas, area);
}

static unsigned long pfn_in_force(uintptr_t addr)
{
	uint64_t entry = model.page[(addr - model.window_start) / TRI_PAGE_SIZE].real;

	return entry ? pagetable_pfn(entry) : TRI_PFN_NONE;
}

/* Any byte of it finds it, and so does its guard. */
static void find(struct source *source, struct tri_core *core, const struct object *area)
{
	unsigned long pages = pages_of(area->size);
	uintptr_t start = (uintptr_t)area->at, end = start + pages * TRI_PAGE_SIZE;
	uintptr_t addr = start + source_below(source, pages * TRI_PAGE_SIZE);
	struct tri_area_info info;

	expect(tri_vmalloc_to_pfn((void *)addr) == pfn_in_force(addr));
	tri_area_find(core, addr, &info);
	expect(info.where == TRI_LIVE && info.start == start && info.end >= end + TRI_PAGE_SIZE);
	expect(info.kind == TRI_AREA_VMALLOC && info.requested == area->size);
	tri_area_find(core, info.end - 1, &info);
	expect(info.where == TRI_GUARD && info.start == start);
}

static void map(struct source *source, struct tri_core *core)
{
	struct mapping *mapping = &mappings[nr_mappings];

	if (nr_mappings == MAPPINGS || !frames.count)
		return;
	mapping->ram = source_below(source, 3);
	mapping->pages = source_size(source, MAP_MAX);
	for (unsigned long i = 0, first = source_below(source, FRAMES); i < mapping->pages; i++)
		mapping->pfn[i] = plat_ptr_to_pfn(frames.object[(first + i) % frames.count].at);
	mapping->at = mapping->ram ? tri_vm_map_ram(mapping->pfn, mapping->pages)
				   : tri_vmap(mapping->pfn, mapping->pages);
	if (!mapping->at)
		return;
	expect_in_window(core, mapping->at, mapping->pages);
	nr_mappings++;
}

static void unmap(struct source *source)
{
	struct mapping *mapping = &mappings[source_below(source, nr_mappings)];

	for (unsigned long i = 0; i < mapping->pages; i++)
		expect(pfn_in_force((uintptr_t)mapping->at + i * TRI_PAGE_SIZE) == mapping->pfn[i]);
	/* And by the model's TLB, which costs a fault: what a stale entry would falsify. */
	if (source_below(source, 8) == 1) {
		unsigned long i = source_below(source, mapping->pages);

		expect(!memcmp(mapping->at + i * TRI_PAGE_SIZE, plat_pfn_to_ptr(mapping->pfn[i]),
			       8));
	}
	if (mapping->ram)
		tri_vm_unmap_ram(mapping->at, mapping->pages);
	else
		tri_vunmap(mapping->at);
	*mapping = mappings[--nr_mappings];
}

static void operation(struct source *source, struct tri_core *core)
{
	unsigned int what = source_below(source, 64);
	struct object *area;

	switch (what) {
	case 0:
		allocate_nothing(source);
		return;
	case 1:
		tri_vmalloc_purge();
		return;
	case 2:
		tri_vm_unmap_aliases();
		return;
	case 3 ... 14:
		map(source, core);
		return;
	case 15 ... 26:
		if (nr_mappings)
			unmap(source);
		return;
	case 27 ... 39:
		allocate(source, core);
		return;
	}
	area = objects_pick(&areas, source);
	if (!area)
		return;
	if (what < 46)
		find(source, core, area);
	else if (what < 51)
		resize(source, core, area);
	else
		give(source, area);
}

void stream_areas(struct source *source, struct tri_core *core)
{
	struct object *object;
	struct tri_status status;

	objects_init(&areas, AREAS);
	objects_init(&frames, FRAMES);
	nr_mappings = 0;
	for (int i = 0; i < FRAMES; i++) {
		unsigned long pfn = tri_alloc_pages(TRI_GFP_KERNEL, 0);

		if (pfn != TRI_PFN_NONE)
			objects_add(&frames, plat_pfn_to_ptr(pfn), TRI_PAGE_SIZE, 0);
	}
	while (source_more(source)) {
		stream_between(source, core);
		operation(source, core);
		tri_status_read(core, &status);
		expect(status.areas_live >= areas.count);
	}
	while (nr_mappings)
		unmap(source);
	while ((object = objects_pick(&areas, source)))
		give(source, object);
	while ((object = objects_pick(&frames, source))) {
		tri_free_pages(plat_ptr_to_pfn(object->at), 0);
		objects_remove(&frames, object);
	}
	objects_exit(&areas);
	objects_exit(&frames);
}
