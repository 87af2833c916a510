/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flush.h - when are the translations of a freed area flushed? A policy; each answer is a
 * file flush_<answer>.c with the two functions below and a line in policies.def.
 *
 * What every answer must keep: the addresses of an area are not handed out again before a
 * flush that covers them and started after their entries were cleared.
 */
#ifndef MMCORE_FLUSH_H
#define MMCORE_FLUSH_H

#include "areas.h"
#include "cpus.h"
#include "frame.h"

/* Areas that wait for a flush; see flush_list.c. */
struct flush_list {
	plat_mutex_t purge;   /* one purge at a time; taken before any spinlock */
	plat_spinlock_t lock; /* the two below; a leaf: nothing is taken under it */
	struct area *queue;   /* not yet taken by a purge */
	unsigned long pages;  /* not yet reusable: queued, or in a purge */
} TRI_PAD;

struct flush {
	unsigned long areas, pages; /* of all lists; atomic */
	unsigned int lists;	    /* in use; fixed from init on */
	struct flush_list list[TRI_MAX_CPUS];
};

void flush_init(struct tri_core *core);
void flush_exit(struct tri_core *core);

/*
 * @area, of areas_retire() or areas_shrink(), has its entries cleared and its frames in
 * @frames: free the frames now, the addresses when they have been flushed. May sleep.
 */
void flush_retire(struct tri_core *core, struct area *area, struct frame_list *frames);
/*
 * Flush and free all that waits, and with areas=nodes what is kept aside; after another
 * CPU's purge, if one runs. How many areas waited. May sleep.
 */
unsigned long flush_purge(struct tri_core *core);

#define POLICY_flush(answer, text, about)                                      \
	void flush_##answer##_retire(struct tri_core *core, struct area *area, \
				     struct frame_list *frames);               \
	unsigned long flush_##answer##_purge(struct tri_core *core);
#include "policies.def"

/* Where a flush of @area begins: below a tail, the page that has become a guard was mapped. */
static inline uintptr_t area_flush_start(const struct area *area)
{
	return area_start(area) - (area->flags & AREA_TAIL ? TRI_PAGE_SIZE : 0);
}

/* True if nothing unmapped may wait for its flush: a part of an area neither. */
bool flush_is_eager(const struct tri_core *core);

/* For the policies: flush [start, end), or everything if that is too much; and count. */
void flush_addresses(struct tri_core *core, uintptr_t start, uintptr_t end);
void flush_everything(struct tri_core *core);

/* For those that let areas wait: how many pages, in a list and in all. */
struct flush_waiting {
	unsigned long here, everywhere;
};
/* The area may be purged, and gone, as soon as this returns. */
struct flush_waiting flush_list_add(struct tri_core *core, struct flush_list *list,
				    struct area *area);
unsigned long flush_list_pages(struct flush_list *list);
/*
 * One flush over all that is queued in @n lists from @first on, whose areas are then free.
 * How many they were. Under a mutex that keeps other purges off these lists.
 */
unsigned long flush_lists_purge(struct tri_core *core, struct flush_list *first, unsigned int n);

#endif /* MMCORE_FLUSH_H */
