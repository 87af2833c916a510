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
#include "frame.h"

/* State of flush=lazy: areas that wait. */
struct flush {
	plat_spinlock_t lock;	    /* the four below; a leaf: nothing is taken under it */
	struct area *queue;	    /* not yet taken by a purge */
	unsigned long areas, pages; /* not yet reusable: queued, or in a purge */
	plat_mutex_t purge;	    /* one purge at a time; taken before any spinlock */
};

void flush_init(struct tri_core *core);
void flush_exit(struct tri_core *core);

/*
 * @area, of areas_retire(), has its entries cleared and its frames in @frames: free the
 * frames now, the addresses when they have been flushed. May sleep.
 */
void flush_retire(struct tri_core *core, struct area *area, struct frame_list *frames);
/* Flush and free all that waits; after another CPU's purge, if one runs. May sleep. */
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

/* For the policies: flush [start, end), or everything if that is too much; and count. */
void flush_addresses(struct tri_core *core, uintptr_t start, uintptr_t end);

#endif /* MMCORE_FLUSH_H */
