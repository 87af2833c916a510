/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check.h - what the parts of tri_check() share.
 *
 * The idea: every structure claims the frames it holds, a frame can be claimed once and
 * only in the state that fits; in the end every frame in such a state must be claimed.
 */
#ifndef MMCORE_CHECK_H
#define MMCORE_CHECK_H

#include "core.h"

struct check {
	struct tri_core *core;
	unsigned long faults;
	unsigned long claims[FRAME_STATES]; /* frames claimed, by state */
	unsigned long arrays[SLAB_POOLS];   /* of objects at hand, by the pool they are from */
};

#define CHECK_FAULT(check, ...)                      \
	do {                                         \
		(check)->faults++;                   \
		plat_log("tri_check: " __VA_ARGS__); \
	} while (0)

/* check_frames.c */
void check_claim(struct check *check, struct frame *frame, enum frame_state state,
		 unsigned int order, const char *who);
void check_frame_lists(struct check *check);
/* Claims the blocks of @list, all of them in @state and of @order. */
void check_blocks(struct check *check, const struct frame_list *list, enum frame_state state,
		  unsigned int order, const char *who);
/* Last: everybody has claimed. */
void check_frames_end(struct check *check);

/* check_area_lists.c */
/* False: not to be walked any further. */
bool check_area_lists(struct check *check);
/* Areas of any state but FREE in order of address; NULL: before the first, after the last. */
struct area *check_area_next(const struct tri_core *core, const struct area *after);
/* So many areas, with so many pages, are in state WAITING. */
void check_waiting(struct check *check, unsigned long areas, unsigned long pages);

/* check_pagetable.c */
enum check_entries {
	CHECK_NONE,	   /* nothing is mapped */
	CHECK_OWN,	   /* every page, to a frame of the area's own, which it claims */
	CHECK_OTHERS,	   /* every page, to a frame somebody else has */
	CHECK_SOME_OTHERS, /* some pages, as before */
};
/* How many pages of [start, end) are mapped. */
unsigned long check_entries(struct check *check, uintptr_t start, uintptr_t end,
			    enum check_entries expected);
void check_tables(struct check *check);

/* check_ram.c; areas can be walked. */
void check_ram(struct check *check);

/* check_bitmap.c: a zone of pages=bitmap claims its free frames, one by one. */
void check_bitmap_zone(struct check *check, const struct zone *zone);

/* check_areas.c. False: areas are not to be walked any further. */
bool check_areas(struct check *check);

/* check_slab.c */
void check_slab(struct check *check);
void check_slab_array(struct check *check, const struct kmem_cache *cache,
		      const struct slab_array *array);
/* One of these per policy: claim every frame in state SLAB. */
#define POLICY_slab(answer, text, about) void check_slab_##answer(struct check *check);
#include "policies.def"

#endif /* MMCORE_CHECK_H */
