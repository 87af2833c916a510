/* SPDX-License-Identifier: GPL-2.0-only */
/* stream_areas.c - virtual areas: apart from each other, mapped, reusable when flushed. */
#include "tests/stream/stream.h"

#define AREAS 128

static struct objects areas;

static unsigned long pages_of(unsigned long size)
{
	return (size + TRI_PAGE_SIZE - 1) / TRI_PAGE_SIZE;
}

static void allocate(struct source *source, struct tri_core *core)
{
	unsigned long limit = source_below(source, 4) ? 16 : core->frames.count + 2;
	unsigned long size = source_size(source, limit * TRI_PAGE_SIZE);
	void *at;

	if (areas.count == AREAS)
		return;
	at = tri_vmalloc(size);
	expect(!at || pages_of(size) <= core->frames.count);
	if (!at)
		return;
	expect((uintptr_t)at % TRI_PAGE_SIZE == 0);
	expect((uintptr_t)at >= core->window_start &&
	       (uintptr_t)at + (pages_of(size) + 1) * TRI_PAGE_SIZE <= core->window_end);
	objects_add(&areas, at, size, 0);
}

static void allocate_nothing(struct source *source)
{
	static const unsigned long bad[] = {0, ~0UL, ~0UL - TRI_PAGE_SIZE, 1UL << 63, 1UL << 40};

	expect(!tri_vmalloc(bad[source_below(source, sizeof(bad) / sizeof(bad[0]))]));
}

static void give(struct object *area)
{
	tri_vfree(area->at);
	objects_remove(&areas, area);
}

/* Any byte of it finds it, and so does its guard. */
static void find(struct source *source, struct tri_core *core, const struct object *area)
{
	unsigned long pages = pages_of(area->size);
	uintptr_t start = (uintptr_t)area->at, end = start + pages * TRI_PAGE_SIZE;
	struct tri_area_info info;

	tri_area_find(core, start + source_below(source, pages * TRI_PAGE_SIZE), &info);
	expect(info.where == TRI_LIVE && info.start == start && info.end >= end + TRI_PAGE_SIZE);
	tri_area_find(core, info.end - 1, &info);
	expect(info.where == TRI_GUARD && info.start == start);
}

static void operation(struct source *source, struct tri_core *core)
{
	unsigned int what = source_below(source, 32);
	struct object *area;

	switch (what) {
	case 0:
		allocate_nothing(source);
		return;
	case 1:
		tri_vmalloc_purge();
		return;
	case 2 ... 16:
		allocate(source, core);
		return;
	}
	area = objects_pick(&areas, source);
	if (!area)
		return;
	if (what < 20)
		find(source, core, area);
	else
		give(area);
}

void stream_areas(struct source *source, struct tri_core *core)
{
	struct object *area;
	struct tri_status status;

	objects_init(&areas, AREAS);
	while (source_more(source)) {
		stream_between(source, core);
		operation(source, core);
		tri_status_read(core, &status);
		expect(status.areas_live == areas.count);
	}
	while ((area = objects_pick(&areas, source)))
		give(area);
	objects_exit(&areas);
}
