/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * buddy.c - the binary buddy allocator: a block of order k and the one whose index differs
 * in bit k alone are buddies; two free buddies are always merged, up to TRI_MAX_ORDER.
 *
 * The order of the largest block is the size of a section, so buddies share a section and
 * blocks of different runs can never merge.
 *
 * One spinlock guards the free lists, frames_free and every change into or out of FREE.
 * It is a leaf: nothing is taken under it.
 */
#include "core.h"

/* Take the smallest block that is large enough and give back its unused upper halves. */
static struct frame *take_block(struct tri_core *core, unsigned int order)
{
	struct buddy *buddy = &core->buddy;
	unsigned int from = order;
	struct frame *frame;

	while (!buddy->free[from].count) {
		if (++from > TRI_MAX_ORDER)
			return NULL;
	}
	frame = frame_list_pop_head(&core->frames, &buddy->free[from]);
	if (from > order)
		tri_count(core, TRI_EVENT_pages_split, from - order);
	while (from > order) {
		struct frame *half = frame + (1UL << --from);

		frame_set_kind(half, FRAME_FREE, from);
		frame_list_push_head(&core->frames, &buddy->free[from], half);
	}
	buddy->frames_free -= 1UL << order;
	return frame;
}

static void put_block(struct tri_core *core, struct frame *frame, unsigned int order)
{
	struct buddy *buddy = &core->buddy;
	unsigned int merged = order;

	for (; merged < TRI_MAX_ORDER; merged++) {
		unsigned long index = (unsigned long)(frame - core->frames.frame);
		struct frame *other = &core->frames.frame[index ^ (1UL << merged)];

		if (frame_kind(other) != FRAME_KIND(FRAME_FREE, merged))
			break;
		frame_list_remove(&core->frames, &buddy->free[merged], other);
		frame_set_kind(frame > other ? frame : other, FRAME_INSIDE, 0);
		frame = frame < other ? frame : other;
	}
	if (merged > order)
		tri_count(core, TRI_EVENT_pages_merge, merged - order);
	frame_set_kind(frame, FRAME_FREE, merged);
	frame_list_push_head(&core->frames, &buddy->free[merged], frame);
	buddy->frames_free += 1UL << order;
}

struct frame *buddy_alloc(struct tri_core *core, unsigned int order, enum frame_state state)
{
	unsigned long saved = tri_lock(&core->buddy.lock);
	struct frame *frame = take_block(core, order);

	if (frame)
		frame_set_kind(frame, state, order);
	tri_unlock(&core->buddy.lock, saved);
	return frame;
}

void buddy_free(struct tri_core *core, struct frame *frame, unsigned int order)
{
	unsigned long saved = tri_lock(&core->buddy.lock);

	put_block(core, frame, order);
	tri_unlock(&core->buddy.lock, saved);
}

void buddy_alloc_list(struct tri_core *core, struct frame_list *list, unsigned long n)
{
	unsigned long saved = tri_lock(&core->buddy.lock);
	struct frame *frame;

	while (n-- && (frame = take_block(core, 0))) {
		frame_set_kind(frame, FRAME_CACHED, 0);
		frame_list_push_tail(&core->frames, list, frame);
	}
	tri_unlock(&core->buddy.lock, saved);
}

void buddy_free_list(struct tri_core *core, struct frame_list *list, unsigned long n)
{
	unsigned long saved = tri_lock(&core->buddy.lock);

	while (n--)
		put_block(core, frame_list_pop_tail(&core->frames, list), 0);
	tri_unlock(&core->buddy.lock, saved);
}

void buddy_init(struct tri_core *core, const struct tri_config *config)
{
	struct buddy *buddy = &core->buddy;

	plat_spin_init(&buddy->lock);
	for (unsigned int i = 0; i < config->nr_runs; i++) {
		unsigned long pfn = config->runs[i].first;
		unsigned long end = pfn + config->runs[i].count;

		/* Whole sections, then the binary digits of what is left: all aligned. */
		while (pfn < end) {
			struct frame *frame = frame_find(&core->frames, pfn);
			unsigned int order = TRI_MAX_ORDER;

			while (1UL << order > end - pfn)
				order--;
			frame_set_kind(frame, FRAME_FREE, order);
			frame_list_push_tail(&core->frames, &buddy->free[order], frame);
			pfn += 1UL << order;
		}
	}
	buddy->frames_free = core->frames.count;
}
