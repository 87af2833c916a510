/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream_kvmalloc.c - memory of any size from whichever layer has it, resized from one to the
 * other, while blocks of frames fragment what kmalloc would need.
 */
#include "tests/stream/stream.h"

#define OBJECTS 300
/* Tags. ZEROED: every call for it asked for zeros, so what it gains is zero. */
enum { PLAIN, ZEROED, BLOCK };

static struct objects objects;

static unsigned long choose_size(struct source *source)
{
	return source_size(source, source_below(source, 8) ? 8 * TRI_PAGE_SIZE : 6UL << 20);
}

static void allocate(struct source *source)
{
	unsigned long size = choose_size(source);
	bool zeroed = source_below(source, 2);
	void *at = zeroed ? tri_kvzalloc(size, TRI_GFP_KERNEL) : tri_kvmalloc(size, TRI_GFP_KERNEL);

	if (!at)
		return;
	expect((uintptr_t)at % 8 == 0);
	expect(!zeroed || contents_zero(at, 0, size));
	objects_add(&objects, at, size, zeroed ? ZEROED : PLAIN);
}

static void allocate_block(void)
{
	unsigned long pfn = tri_alloc_pages(TRI_GFP_KERNEL | TRI_GFP_NORETRY, 0);

	if (pfn != TRI_PFN_NONE)
		objects_add(&objects, plat_pfn_to_ptr(pfn), TRI_PAGE_SIZE, BLOCK);
}

static void resize(struct source *source, struct object *object)
{
	unsigned long size = choose_size(source), before = object->size;
	tri_gfp_t gfp = TRI_GFP_KERNEL | (object->tag == ZEROED ? TRI_GFP_ZERO : 0);
	void *at = tri_kvrealloc(object->at, size, gfp);

	if (!at) {
		expect(contents_intact(object->at, object->size, object->size, object->id));
		return;
	}
	expect(object->tag != ZEROED || size <= before || contents_zero(at, before, size));
	objects_resize(&objects, object, at, size);
}

static void give(struct object *object)
{
	if (object->tag == BLOCK)
		tri_free_pages(plat_ptr_to_pfn(object->at), 0);
	else
		tri_kvfree(object->at);
	objects_remove(&objects, object);
}

static void operation(struct source *source)
{
	unsigned int what = source_below(source, 16);
	struct object *object;

	if (what < 8) {
		if (objects.count == OBJECTS)
			return;
		if (what < 5)
			allocate(source);
		else
			allocate_block();
		return;
	}
	object = objects_pick(&objects, source);
	if (!object)
		return;
	if (what < 12 && object->tag != BLOCK)
		resize(source, object);
	else
		give(object);
}

void stream_kvmalloc(struct source *source, struct tri_core *core)
{
	struct object *object;

	objects_init(&objects, OBJECTS);
	while (source_more(source)) {
		stream_between(source, core);
		operation(source);
	}
	while ((object = objects_pick(&objects, source)))
		give(object);
	objects_exit(&objects);
}
