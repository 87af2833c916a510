/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pages_buddy.c - pages=buddy: a block of order k and the one whose index differs in bit k
 * alone are buddies; two free buddies are always merged, up to TRI_MAX_ORDER.
 *
 * The order of the largest block is the size of a section, so buddies share a section, and
 * blocks of different runs or zones can never merge.
 *
 * There is a set of free lists for each migratetype; a free block is on the list of the type
 * of its (first) pageblock. When a type's lists have nothing, another's largest block is
 * taken, since it promises most free frames around it, and its whole pageblock with it if
 * enough of that is free or of our kind: then later allocations of this type find room there
 * and don't spoil a third pageblock. The rules are those of Linux, mm/page_alloc.c:
 * fallbacks[], can_steal_fallback(), try_to_steal_block(), __rmqueue() of 6.12.
 *
 * The zone's spinlock guards lists, frames_free, pageblock types and every change into or out
 * of FREE. It is a leaf: nothing is taken under it.
 */
#include "core.h"

static unsigned long index_of(const struct tri_core *core, const struct frame *frame)
{
	return (unsigned long)(frame - core->frames.frame);
}

static uint8_t *pageblock_of(struct tri_core *core, const struct frame *frame)
{
	return &core->zones.pageblock[index_of(core, frame) / PAGEBLOCK_FRAMES];
}

static void list_add(struct tri_core *core, struct buddy *buddy, struct frame *frame,
		     unsigned int order, enum migratetype type)
{
	frame_list_push_head(&core->frames, &buddy->free[type][order], frame);
	buddy->orders[type] |= 1U << order;
}

static void list_remove(struct tri_core *core, struct buddy *buddy, struct frame *frame,
			unsigned int order, enum migratetype type)
{
	struct frame_list *list = &buddy->free[type][order];

	frame_list_remove(&core->frames, list, frame);
	if (!list->count)
		buddy->orders[type] &= ~(1U << order);
}

static struct frame *list_first(struct tri_core *core, struct buddy *buddy, unsigned int order,
				enum migratetype type)
{
	return &core->frames.frame[buddy->free[type][order].head];
}

static void frames_free_add(struct buddy *buddy, unsigned long n)
{
	__atomic_store_n(&buddy->frames_free, buddy->frames_free + n, __ATOMIC_RELAXED);
}

/* Give the upper halves of a block of order @from back until it is one of @order. */
TRI_INLINE void split(struct tri_core *core, struct buddy *buddy, struct frame *frame,
		      unsigned int from, unsigned int order, enum migratetype type)
{
	if (from > order) {
		tri_count(core, TRI_EVENT_pages_split, from - order);
		trace_pages_split(from, order, type);
	}
	while (from > order) {
		struct frame *half = frame + (1UL << --from);

		frame_set_kind(half, FRAME_FREE, from);
		list_add(core, buddy, half, from, type);
	}
}

/* Of the type's own lists, the smallest block that is large enough; its order in *from. */
static struct frame *remove_smallest(struct tri_core *core, struct buddy *buddy, unsigned int order,
				     enum migratetype type, unsigned int *from)
{
	uint32_t orders = buddy->orders[type] >> order;
	struct frame *frame;

	if (!orders)
		return NULL;
	*from = order + (unsigned int)__builtin_ctz(orders);
	frame = list_first(core, buddy, *from, type);
	list_remove(core, buddy, frame, *from, type);
	return frame;
}

/* Frames of the pageblock at @index that are free, and that are in use and movable. */
static void pageblock_survey(struct tri_core *core, unsigned long index, unsigned long *free,
			     unsigned long *movable)
{
	unsigned long end = index + PAGEBLOCK_FRAMES;

	*free = 0;
	*movable = 0;
	while (index < end) {
		/* In use, its owner may be changing it: a guess is enough, but no more frames
		 * than there are. */
		unsigned int kind = frame_kind_full(&core->frames.frame[index]);
		unsigned int order = (kind & FRAME_KIND_MASK) >> 8;
		unsigned long frames = order < PAGEBLOCK_ORDER ? 1UL << order : PAGEBLOCK_FRAMES;

		if (frames > end - index)
			frames = end - index;
		if ((kind & FRAME_KIND_MASK) == FRAME_KIND(FRAME_FREE, order))
			*free += frames;
		else if ((kind & FRAME_KIND_MASK) > FRAME_FREE &&
			 place_type((kind & FRAME_PLACE_MASK) >> 4) == MIGRATE_MOVABLE)
			*movable += frames;
		index += frames;
	}
}

/* Move the free blocks of a pageblock, none of them larger than it, to @type's lists. */
static void pageblock_move(struct tri_core *core, struct buddy *buddy, unsigned long index,
			   enum migratetype type)
{
	unsigned long end = index + PAGEBLOCK_FRAMES;
	uint8_t *pageblock = &core->zones.pageblock[index / PAGEBLOCK_FRAMES];
	enum migratetype old = *pageblock;

	*pageblock = (uint8_t)type;
	while (index < end) {
		struct frame *frame = &core->frames.frame[index];
		unsigned int kind = frame_kind(frame), order = kind >> 8;

		if (kind != FRAME_KIND(FRAME_FREE, order)) {
			index++;
			continue;
		}
		list_remove(core, buddy, frame, order, old);
		list_add(core, buddy, frame, order, type);
		index += 1UL << order;
	}
}

static bool claim_makes_sense(unsigned int from, enum migratetype type)
{
	/* What can't move does more harm in a foreign pageblock than what can. */
	return from >= PAGEBLOCK_ORDER / 2 || type != MIGRATE_MOVABLE;
}

/* Whether enough of the pageblock is free, or of our kind, to take it over. */
static bool pageblock_suits(struct tri_core *core, unsigned long index, enum migratetype old,
			    enum migratetype type)
{
	unsigned long free, movable, alike = 0;

	pageblock_survey(core, index, &free, &movable);
	if (type == MIGRATE_MOVABLE)
		alike = movable;
	else if (old == MIGRATE_MOVABLE)
		alike = PAGEBLOCK_FRAMES - free - movable;
	return free + alike >= PAGEBLOCK_FRAMES / 2;
}

/* The first type that has a free block of @order, in the order of preference for @type. */
static bool find_fallback(const struct buddy *buddy, unsigned int order, enum migratetype type,
			  enum migratetype *found)
{
	static const uint8_t fallbacks[MIGRATE_TYPES][MIGRATE_TYPES - 1] = {
		[MIGRATE_UNMOVABLE] = {MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE},
		[MIGRATE_MOVABLE] = {MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE},
		[MIGRATE_RECLAIMABLE] = {MIGRATE_UNMOVABLE, MIGRATE_MOVABLE},
	};

	for (int i = 0; i < MIGRATE_TYPES - 1; i++) {
		*found = fallbacks[type][i];
		if (buddy->orders[*found] & 1U << order)
			return true;
	}
	return false;
}

/* Take over whole pageblocks, from the largest foreign block downwards. */
static struct frame *claim(struct tri_core *core, struct buddy *buddy, unsigned int order,
			   enum migratetype type, unsigned int *from)
{
	enum migratetype old;

	for (unsigned int k = TRI_MAX_ORDER + 1; k-- > order;) {
		struct frame *frame;
		unsigned long index;

		if (!find_fallback(buddy, k, type, &old))
			continue;
		if (!claim_makes_sense(k, type))
			return NULL;
		frame = list_first(core, buddy, k, old);
		index = index_of(core, frame) & ~(PAGEBLOCK_FRAMES - 1);
		if (k >= PAGEBLOCK_ORDER) {
			list_remove(core, buddy, frame, k, old);
			memset(pageblock_of(core, frame), type, 1UL << (k - PAGEBLOCK_ORDER));
			tri_count(core, TRI_EVENT_pages_claim, 1UL << (k - PAGEBLOCK_ORDER));
			trace_pages_claim(k, old, type);
			*from = k;
			return frame;
		}
		if (pageblock_suits(core, index, old, type)) {
			pageblock_move(core, buddy, index, type);
			tri_count(core, TRI_EVENT_pages_claim, 1);
			trace_pages_claim(k, old, type);
			return remove_smallest(core, buddy, order, type, from);
		}
	}
	return NULL;
}

/* One foreign block, the smallest that will do; its pageblock keeps its type. */
static struct frame *steal(struct tri_core *core, struct buddy *buddy, unsigned int order,
			   enum migratetype type, unsigned int *from, enum migratetype *old)
{
	for (unsigned int k = order; k <= TRI_MAX_ORDER; k++) {
		struct frame *frame;

		if (!find_fallback(buddy, k, type, old))
			continue;
		frame = list_first(core, buddy, k, *old);
		list_remove(core, buddy, frame, k, *old);
		tri_count(core, TRI_EVENT_pages_steal, 1);
		trace_pages_steal(k, *old, type);
		*from = k;
		return frame;
	}
	return NULL;
}

/* A free block of at least @order, off its list; *list_type is whose list the rest goes to. */
static struct frame *remove_block(struct tri_core *core, struct buddy *buddy, unsigned int order,
				  enum migratetype type, unsigned int *from,
				  enum migratetype *list_type)
{
	struct frame *frame = remove_smallest(core, buddy, order, type, from);

	*list_type = type;
	if (TRI_UNLIKELY(!frame)) {
		frame = claim(core, buddy, order, type, from);
		if (!frame)
			frame = steal(core, buddy, order, type, from, list_type);
	}
	return frame;
}

static unsigned int taken_kind(const struct zone *zone, unsigned int order, enum migratetype type)
{
	return FRAME_KIND(FRAME_CACHED, order) | FRAME_PLACE(zone->place | (unsigned int)type << 2);
}

struct frame *pages_buddy_take(struct tri_core *core, struct zone *zone, unsigned int order,
			       enum migratetype type)
{
	struct buddy *buddy = &zone->buddy;
	enum migratetype list_type;
	unsigned int from;
	struct frame *frame;

	plat_spin_lock(&buddy->lock);
	frame = remove_block(core, buddy, order, type, &from, &list_type);
	if (frame) {
		split(core, buddy, frame, from, order, list_type);
		frames_free_add(buddy, -(1UL << order));
		frame_set_kind_full(frame, taken_kind(zone, order, type));
	}
	plat_spin_unlock(&buddy->lock);
	return frame;
}

/*
 * The same frames in the same order as so many single ones, but a block of which all frames
 * are wanted is taken apart at once instead of being split down.
 */
unsigned long pages_buddy_take_bulk(struct tri_core *core, struct zone *zone, enum migratetype type,
				    uint32_t *pfn, unsigned long n)
{
	unsigned int kind = taken_kind(zone, 0, type);
	struct buddy *buddy = &zone->buddy;
	unsigned long done = 0;

	plat_spin_lock(&buddy->lock);
	while (done < n) {
		unsigned int from, order = 0;
		enum migratetype list_type;
		struct frame *frame = remove_block(core, buddy, 0, type, &from, &list_type);

		if (!frame)
			break;
		while (order < from && 2UL << order <= n - done)
			order++;
		split(core, buddy, frame, from, order, list_type);
		if (order) {
			tri_count(core, TRI_EVENT_pages_split, (1UL << order) - 1);
			trace_pages_split(order, 0, list_type);
		}
		for (unsigned long i = 0; i < 1UL << order; i++) {
			frame_set_kind_full(&frame[i], kind);
			pfn[done++] = frame->pfn + (uint32_t)i;
		}
	}
	frames_free_add(buddy, -done);
	plat_spin_unlock(&buddy->lock);
	return done;
}

/* Locked. */
static void put_block(struct tri_core *core, struct buddy *buddy, struct frame *frame,
		      unsigned int order)
{
	enum migratetype type = *pageblock_of(core, frame);
	unsigned int merged = order;

	for (; merged < TRI_MAX_ORDER; merged++) {
		struct frame *other = &core->frames.frame[index_of(core, frame) ^ 1UL << merged];
		uint8_t *other_type;

		if (frame_kind(other) != FRAME_KIND(FRAME_FREE, merged))
			break;
		other_type = pageblock_of(core, other);
		list_remove(core, buddy, other, merged, *other_type);
		*other_type = (uint8_t)type;
		frame_set_kind(frame > other ? frame : other, FRAME_INSIDE, 0);
		frame = frame < other ? frame : other;
	}
	if (merged > order) {
		tri_count(core, TRI_EVENT_pages_merge, merged - order);
		trace_pages_merge(order, merged, type);
	}
	frame_set_kind(frame, FRAME_FREE, merged);
	list_add(core, buddy, frame, merged, type);
	frames_free_add(buddy, 1UL << order);
}

void pages_buddy_put(struct tri_core *core, struct zone *zone, struct frame *frame,
		     unsigned int order)
{
	plat_spin_lock(&zone->buddy.lock);
	put_block(core, &zone->buddy, frame, order);
	plat_spin_unlock(&zone->buddy.lock);
}

void pages_buddy_put_bulk(struct tri_core *core, struct zone *zone, const uint32_t *pfn,
			  unsigned long n)
{
	plat_spin_lock(&zone->buddy.lock);
	for (unsigned long i = 0; i < n; i++)
		put_block(core, &zone->buddy, frame_at(&core->frames, pfn[i]), 0);
	plat_spin_unlock(&zone->buddy.lock);
}

unsigned long pages_buddy_free(struct tri_core *core, struct zone *zone)
{
	(void)core;
	return __atomic_load_n(&zone->buddy.frames_free, __ATOMIC_RELAXED);
}

void pages_buddy_count(struct tri_core *core, struct zone *zone, zone_blocks count)
{
	(void)core;
	for (int type = 0; type < MIGRATE_TYPES; type++)
		for (unsigned int order = 0; order <= TRI_MAX_ORDER; order++)
			count[type][order] = frame_list_count(&zone->buddy.free[type][order]);
}

unsigned long pages_buddy_free_exact(struct tri_core *core, struct zone *zone)
{
	return pages_buddy_free(core, zone);
}

bool pages_buddy_uses_lists(void)
{
	return true;
}

void pages_buddy_init(struct tri_core *core, struct zone *zone)
{
	(void)core;
	plat_spin_init(&zone->buddy.lock);
}
