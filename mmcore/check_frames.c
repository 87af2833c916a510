/* SPDX-License-Identifier: GPL-2.0-only */
/* check_frames.c - frame structs against the lists they are on, and their counts. */
#include "check.h"

static const char *const state_name[FRAME_STATES] = {
	[FRAME_ABSENT] = "absent", [FRAME_INSIDE] = "inside", [FRAME_FREE] = "free",
	[FRAME_CACHED] = "cached", [FRAME_USED] = "used",     [FRAME_MAPPED] = "mapped",
	[FRAME_TABLE] = "table",   [FRAME_POOL] = "pool",     [FRAME_SLAB] = "slab",
};

static enum frame_state state_of(const struct frame *frame)
{
	return frame_kind(frame) & 0xff;
}

static unsigned int order_of(const struct frame *frame)
{
	return frame_kind(frame) >> 8;
}

static unsigned long pfn_of(const struct frame *frame)
{
	return frame->pfn;
}

void check_claim(struct check *check, struct frame *frame, enum frame_state state,
		 unsigned int order, const char *who)
{
	if (frame_kind(frame) != FRAME_KIND(state, order))
		CHECK_FAULT(check, "%s holds pfn %lx, which is in state %u order %u", who,
			    pfn_of(frame), state_of(frame), order_of(frame));
	if (frame_kind_full(frame) & FRAME_SEEN)
		CHECK_FAULT(check, "%s holds pfn %lx, which is held twice", who, pfn_of(frame));
	frame->kind |= FRAME_SEEN;
	check->claims[state] += 1UL << order;
}

void check_blocks(struct check *check, const struct frame_list *list, enum frame_state state,
		  unsigned int order, const char *who)
{
	struct frame_table *table = &check->core->frames;
	uint32_t index = list->head, last = list->head;

	for (unsigned long n = 0; n < list->count; n++) {
		struct frame *frame = &table->frame[index];

		if (index < SECTION_FRAMES || index >= table->sections * SECTION_FRAMES) {
			CHECK_FAULT(check, "%s at %p: link %lu leads to no frame", who,
				    (const void *)list, n);
			return;
		}
		if (n && frame->prev != last)
			CHECK_FAULT(check, "%s at %p: pfn %lx does not point back", who,
				    (const void *)list, pfn_of(frame));
		check_claim(check, frame, state, order, who);
		last = index;
		index = frame->next;
	}
	if (list->count && list->tail != last)
		CHECK_FAULT(check, "%s at %p: does not end at its tail", who, (const void *)list);
}

static void check_place(struct check *check, const struct frame *frame, unsigned int place,
			const char *who)
{
	if (frame_place(frame) != place)
		CHECK_FAULT(check, "%s: pfn %lx has place %u, not %u", who, pfn_of(frame),
			    frame_place(frame), place);
}

static void check_pcp_list(struct check *check, const struct pcp_list *list, unsigned int place)
{
	const struct frame_table *table = &check->core->frames;

	if (list->count > list->room || list->high > list->room) {
		CHECK_FAULT(check, "per-CPU list %u holds %u frames, high %u, room for %u", place,
			    list->count, list->high, list->room);
		return;
	}
	for (unsigned long i = 0; i <= list->count; i++) {
		uint32_t pfn = i < list->count ? list->pfn[i] : list->hot;
		struct frame *frame = frame_find(table, pfn);

		if (i == list->count && pfn == PCP_NONE)
			break;
		check_claim(check, frame, FRAME_CACHED, 0, "per-CPU list");
		check_place(check, frame, place, "per-CPU list");
	}
}

static void check_pcp(struct check *check, const struct pcp *pcp)
{
	static const unsigned int order[PCP_BLOCK_LISTS] = {1, 2, 3, PAGEBLOCK_ORDER};

	for (unsigned int place = 0; place < PLACES; place++) {
		check_pcp_list(check, &pcp->list[place], place);
		for (unsigned int i = 0; i < PCP_BLOCK_LISTS; i++)
			check_blocks(check, &pcp->blocks[place][i], FRAME_CACHED, order[i],
				     "per-CPU list of blocks");
	}
}

/* Free lists of a zone: its own frames, of the list's type; counted right. */
static void check_buddy(struct check *check, const struct zone *zone)
{
	const struct buddy *buddy = &zone->buddy;
	const struct frame_table *table = &check->core->frames;
	unsigned long before = check->claims[FRAME_FREE], found;

	for (unsigned int n = 0; n < MIGRATE_TYPES * (TRI_MAX_ORDER + 1); n++) {
		unsigned int type = n / (TRI_MAX_ORDER + 1), order = n % (TRI_MAX_ORDER + 1);
		const struct frame_list *list = &buddy->free[type][order];

		check_blocks(check, list, FRAME_FREE, order, "free list");
		if (!list->count != !(buddy->orders[type] & 1U << order))
			CHECK_FAULT(check, "free list %u of type %u holds %lu, but its bit is %u",
				    order, type, list->count, buddy->orders[type] >> order & 1);
		for (unsigned long i = 0, index = list->head; i < list->count;
		     i++, index = table->frame[index].next) {
			const uint8_t *block = check->core->zones.pageblock;

			if (index >= table->sections * SECTION_FRAMES)
				break;
			for (unsigned long at = 0; at < 1UL << order; at += PAGEBLOCK_FRAMES)
				if (block[(index + at) / PAGEBLOCK_FRAMES] != type)
					CHECK_FAULT(
						check,
						"pfn %lx is free as type %u in a pageblock of %u",
						pfn_of(&table->frame[index]), type,
						block[(index + at) / PAGEBLOCK_FRAMES]);
			if (zone_of_pfn(check->core->zones.end, table->frame[index].pfn) !=
			    zone->number)
				CHECK_FAULT(check, "pfn %lx is free in zone %u",
					    pfn_of(&table->frame[index]), zone->number);
		}
	}
	found = check->claims[FRAME_FREE] - before;
	if (found != buddy->frames_free)
		CHECK_FAULT(check, "zone %u: %lu frames on free lists, counted %lu", zone->number,
			    found, buddy->frames_free);
}

void check_frame_lists(struct check *check)
{
	struct tri_core *core = check->core;

	for (int i = 0; i < ZONES; i++)
		check_buddy(check, &core->zones.zone[i]);
	for (int i = 0; i < ZONES; i++) {
		if (core->policy[TRI_QUESTION_pages] == TRI_POLICY_pages_bitmap)
			check_bitmap_zone(check, &core->zones.zone[i]);
	}
	for (unsigned int i = 0; i < core->cpus; i++)
		check_pcp(check, &core->cpu[i].pcp);
	check_blocks(check, &core->area_pool.frames, FRAME_POOL, 0, "pool");
}

/* The block at @index; returns its length in frames. */
static unsigned long check_block(struct check *check, unsigned long index)
{
	struct frame *frame = &check->core->frames.frame[index];
	enum frame_state state = state_of(frame);
	unsigned int order = order_of(frame);

	/* Free, in a bitmap, where frames have no blocks. */
	if (frame->kind == (FRAME_KIND(FRAME_INSIDE, 0) | FRAME_SEEN)) {
		frame->kind = FRAME_KIND(FRAME_INSIDE, 0);
		return 1;
	}
	if (state <= FRAME_INSIDE || state >= FRAME_STATES || order > TRI_MAX_ORDER ||
	    index % (1UL << order)) {
		CHECK_FAULT(check, "pfn %lx in state %u order %u starts no block", pfn_of(frame),
			    state, order);
		return 1;
	}
	for (unsigned long i = 1; i < 1UL << order; i++) {
		if (frame_kind(&frame[i]) != FRAME_KIND(FRAME_INSIDE, 0) ||
		    frame_kind_full(&frame[i]) & FRAME_SEEN)
			CHECK_FAULT(check, "pfn %lx has a state of its own inside a block",
				    pfn_of(&frame[i]));
	}
	if (!(frame->kind & FRAME_SEEN) != (state == FRAME_USED))
		CHECK_FAULT(check, "pfn %lx is %s, but held by %s", pfn_of(frame),
			    state_name[state], state == FRAME_USED ? "a list" : "nobody");
	frame->kind &= FRAME_SEEN - 1;
	/* Free ones keep the place of their last user. */
	if (state != FRAME_FREE && zone_of(&check->core->zones, frame)->number !=
					   zone_of_pfn(check->core->zones.end, frame->pfn))
		CHECK_FAULT(check, "pfn %lx has place %u, of another zone", pfn_of(frame),
			    frame_place(frame));
	if (state == FRAME_FREE && order < TRI_MAX_ORDER &&
	    frame_kind(&check->core->frames.frame[index ^ (1UL << order)]) == frame_kind(frame))
		CHECK_FAULT(check, "pfn %lx order %u and its buddy are both free", pfn_of(frame),
			    order);
	return 1UL << order;
}

/* Blocks tile each section up to where its run ends. */
void check_frames_end(struct check *check)
{
	struct frame_table *table = &check->core->frames;
	unsigned long found = 0;

	for (unsigned long section = 1; section < table->sections; section++) {
		unsigned long index = section * SECTION_FRAMES, end = index + SECTION_FRAMES;

		while (index < end && state_of(&table->frame[index]) != FRAME_ABSENT) {
			unsigned long length = check_block(check, index);

			index += length;
			found += length;
		}
	}
	if (found != table->count)
		CHECK_FAULT(check, "%lu frames found, %lu were lent", found, table->count);
	/* A damaged list may have led to frames that start no block. */
	for (unsigned long i = 0; i < table->sections * SECTION_FRAMES; i++)
		table->frame[i].kind &= FRAME_SEEN - 1;
	for (unsigned long i = 0; i < SECTION_FRAMES; i++) {
		if (frame_kind_full(&table->frame[i]) != FRAME_KIND(FRAME_ABSENT, 0))
			CHECK_FAULT(check, "absent frame %lu has a state", i);
	}
}
