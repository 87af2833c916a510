/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frame.h - what is known about each page frame, and lists of frames.
 *
 * Frames come in sections of 2^TRI_MAX_ORDER, the largest block, so a block never leaves
 * its section and the low bits of a frame's index are those of its pfn. A pfn finds its
 * frame by one load from a flat table; a pfn nobody lent finds one of section 0, whose
 * frames are all absent: the lookup has no failure, the state tells.
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
/* State and order in one value, so that one compare validates both. */
#define FRAME_KIND(state, order) ((uint16_t)((state) | (order) << 8))
#define FRAME_SEEN		 (1U << 15) /* tri_check()'s mark, only while it runs */

struct frame {
	uint32_t next, prev; /* frame indices; meaning is the list's */
	uint32_t pfn;
	uint16_t kind;
	uint16_t cache; /* of a SLAB's frames, inside ones too: kmem_cache's number */
	/* The owner's own words, by state: one 16-byte compare-and-swap may change both. */
	uint64_t word[2] __attribute__((aligned(16)));
};
_Static_assert(sizeof(struct frame) == 32, "32 bytes per 4096 is what a frame may cost");

struct frame_table {
	struct frame *frame;	/* by index; [0, SECTION_FRAMES) are the absent ones */
	uint32_t *section;	/* by (pfn - lowest) / SECTION_FRAMES: section number, 0 = none */
	unsigned long lowest;	/* pfn */
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
	unsigned long slot = (pfn - table->lowest) / SECTION_FRAMES;
	unsigned long section = slot < table->slots ? table->section[slot] : 0;

	return &table->frame[section * SECTION_FRAMES + pfn % SECTION_FRAMES];
}

/*
 * A frame's owner writes its kind without a lock while a neighbour's free, under the buddy
 * lock, looks whether it is FREE. Only the holder of that lock makes it FREE or un-FREE, so
 * relaxed accesses are enough.
 */
static inline unsigned int frame_kind(const struct frame *frame)
{
	return __atomic_load_n(&frame->kind, __ATOMIC_RELAXED);
}

static inline void frame_set_kind(struct frame *frame, enum frame_state state, unsigned int order)
{
	__atomic_store_n(&frame->kind, FRAME_KIND(state, order), __ATOMIC_RELAXED);
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
