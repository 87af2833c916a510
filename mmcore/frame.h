/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frame.h - what is known about each page frame, and lists of frames.
 *
 * Frames come in sections of 2^TRI_MAX_ORDER, the largest block, so a block never leaves
 * its section and the low bits of a frame's index are those of its pfn. A pfn finds its
 * frame by one load from a table of sections, each entry the address where the frame of pfn 0
 * would be; a pfn nobody lent finds one of section 0, whose frames are all absent: the lookup
 * has no failure, the state tells.
 *
 * Only the first frame of a block has a state; the others are INSIDE. Splitting and merging
 * therefore write one frame a step, and freeing a wrong pfn or order meets a wrong kind.
 */
#ifndef MMCORE_FRAME_H
#define MMCORE_FRAME_H

#include "tri.h"

#define SECTION_FRAMES (1UL << TRI_MAX_ORDER)

enum frame_state {
	FRAME_ABSENT, /* never lent */
	FRAME_INSIDE, /* in a block, not its first */
	FRAME_FREE,   /* in the buddy; the only state another block's free acts on */
	FRAME_CACHED, /* on a per-CPU list */
	FRAME_USED,   /* handed out by tri_alloc_pages() */
	FRAME_MAPPED, /* backs a virtual area */
	FRAME_TABLE,  /* a page table */
	FRAME_POOL,   /* holds the core's own objects */
	FRAME_SLAB,   /* holds a kmem_cache's objects */
	FRAME_STATES
};
/*
 * What frame->kind holds: bits 0..3 the state; 4..7 the place, where a free goes: the low bits
 * of the gfp flags that it was allocated with, so that list number and flags are one (zone.h);
 * 8..11 the order; 12 DIRECT; 13 CLEAR. State and order are compared as one value: FRAME_KIND().
 */
#define FRAME_KIND(state, order) ((uint16_t)((state) | (order) << 8))
#define FRAME_KIND_MASK		 0x0f0fU
#define FRAME_ORDER_MASK	 0x0f00U
#define FRAME_PLACE(place)	 ((uint16_t)((place) << 4))
#define FRAME_PLACE_MASK	 0x00f0U
#define FRAME_DIRECT		 (1U << 12) /* goes back to its zone, past the per-CPU lists */
#define FRAME_CLEAR		 (1U << 13) /* in use: its free clears it (init.h) */
#define FRAME_SEEN		 (1U << 15) /* tri_check()'s mark, only while it runs */
_Static_assert(FRAME_STATES <= 16, "a state has four bits");

struct frame {
	uint32_t next, prev; /* frame indices; meaning is the list's */
	uint32_t pfn;
	uint16_t kind;
	uint16_t cache; /* of a SLAB's frames, inside ones too: kmem_cache's number */
	/* The owner's own words, by state: one 16-byte compare-and-swap may change both. */
	uint64_t word[2] __attribute__((aligned(16)));
};
_Static_assert(sizeof(struct frame) == 32, "32 bytes per 4096 is what a frame may cost");

/* The least order of a block that has @bytes: Linux's get_order(). */
static inline unsigned int order_for(unsigned long bytes)
{
	unsigned int order = 0;

	while (TRI_PAGE_SIZE << order < bytes)
		order++;
	return order;
}

struct frame_table {
	struct frame *frame;	/* by index; [0, SECTION_FRAMES) are the absent ones */
	uintptr_t *section;	/* by pfn / SECTION_FRAMES - lowest: where its pfn 0 would be */
	uintptr_t sections_at;	/* &section[-lowest], for pfns known to be lent */
	unsigned long lowest;	/* pfn / SECTION_FRAMES of the first one lent */
	unsigned long slots;	/* entries of section[] */
	unsigned long sections; /* used ones, the absent one included */
	unsigned long count;	/* frames lent */
};

/* How large the two arrays must be for these runs; fills all but the pointers. */
void frame_table_measure(struct frame_table *table, const struct tri_config *config);
/* Number the frames of all runs; the arrays are zeroed memory. */
void frame_table_init(struct frame_table *table, const struct tri_config *config);

static inline struct frame *frame_find(const struct frame_table *table, unsigned long pfn)
{
	unsigned long slot = pfn / SECTION_FRAMES - table->lowest;

	if (__builtin_expect(slot >= table->slots, 0))
		return &table->frame[pfn % SECTION_FRAMES];
	return (struct frame *)(table->section[slot] + pfn * sizeof(struct frame));
}

/* The frame of a pfn that is known to be lent: no bounds to check. */
static inline struct frame *frame_at(const struct frame_table *table, unsigned long pfn)
{
	const uintptr_t *section =
		(const uintptr_t *)(table->sections_at + pfn / SECTION_FRAMES * sizeof(uintptr_t));

	return (struct frame *)(*section + pfn * sizeof(struct frame));
}

/*
 * A frame's owner writes its kind without a lock while a neighbour's free, under the zone's
 * lock, looks whether it is FREE. Only the holder of that lock makes it FREE or un-FREE, so
 * relaxed accesses are enough.
 */
static inline unsigned int frame_kind_full(const struct frame *frame)
{
	return __atomic_load_n(&frame->kind, __ATOMIC_RELAXED);
}

static inline void frame_set_kind_full(struct frame *frame, unsigned int kind)
{
	__atomic_store_n(&frame->kind, (uint16_t)kind, __ATOMIC_RELAXED);
}

/* State and order, to be compared with FRAME_KIND(). */
static inline unsigned int frame_kind(const struct frame *frame)
{
	return frame_kind_full(frame) & FRAME_KIND_MASK;
}

/* The place stays. */
static inline void frame_set_kind(struct frame *frame, enum frame_state state, unsigned int order)
{
	frame_set_kind_full(frame,
			    (frame_kind_full(frame) & ~FRAME_KIND_MASK) | FRAME_KIND(state, order));
}

static inline unsigned int frame_place(const struct frame *frame)
{
	return (frame_kind_full(frame) & FRAME_PLACE_MASK) >> 4;
}

/*
 * A list of frames. head and tail mean nothing while count is 0, nor does the outward link
 * of a frame at either end: taking from an end touches one frame only.
 */
struct frame_list {
	uint32_t head, tail;
	unsigned long count;
};

/* Status readers look at the count of a list that is not theirs. */
static inline unsigned long frame_list_count(const struct frame_list *list)
{
	return __atomic_load_n(&list->count, __ATOMIC_RELAXED);
}

static inline void frame_list_resize(struct frame_list *list, unsigned long count)
{
	__atomic_store_n(&list->count, count, __ATOMIC_RELAXED);
}

static inline void frame_list_push_head(const struct frame_table *table, struct frame_list *list,
					struct frame *frame)
{
	uint32_t index = (uint32_t)(frame - table->frame);

	frame->next = list->head;
	if (list->count)
		table->frame[list->head].prev = index;
	else
		list->tail = index;
	list->head = index;
	frame_list_resize(list, list->count + 1);
}

static inline void frame_list_push_tail(const struct frame_table *table, struct frame_list *list,
					struct frame *frame)
{
	uint32_t index = (uint32_t)(frame - table->frame);

	frame->prev = list->tail;
	if (list->count)
		table->frame[list->tail].next = index;
	else
		list->head = index;
	list->tail = index;
	frame_list_resize(list, list->count + 1);
}

static inline struct frame *frame_list_pop_head(const struct frame_table *table,
						struct frame_list *list)
{
	struct frame *frame = &table->frame[list->head];

	list->head = frame->next;
	frame_list_resize(list, list->count - 1);
	return frame;
}

static inline struct frame *frame_list_pop_tail(const struct frame_table *table,
						struct frame_list *list)
{
	struct frame *frame = &table->frame[list->tail];

	list->tail = frame->prev;
	frame_list_resize(list, list->count - 1);
	return frame;
}

static inline void frame_list_remove(const struct frame_table *table, struct frame_list *list,
				     struct frame *frame)
{
	uint32_t index = (uint32_t)(frame - table->frame);

	if (list->head == index)
		list->head = frame->next;
	else
		table->frame[frame->prev].next = frame->next;
	if (list->tail == index)
		list->tail = frame->prev;
	else
		table->frame[frame->next].prev = frame->prev;
	frame_list_resize(list, list->count - 1);
}

#endif /* MMCORE_FRAME_H */
