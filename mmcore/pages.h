/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pages.h - blocks of page frames for the core's own layers. See tri_pages.h; @core is the
 * CPU's current one.
 */
#ifndef MMCORE_PAGES_H
#define MMCORE_PAGES_H

#include "frame.h"
#include "tri_pages.h"

/* A block whose first frame is then in @state, or NULL. */
struct frame *pages_alloc(struct tri_core *core, tri_gfp_t gfp, unsigned int order,
			  enum frame_state state);
/* A block in use, in any state but CACHED. Never sleeps. */
void pages_free(struct tri_core *core, struct frame *frame, unsigned int order);

/* A block in use becomes 2^order single frames in the same state. */
void pages_split(struct frame *frame, unsigned int order);

/*
 * What the per-CPU lists could not do, for pages.c: the zones in turn, then reclaim and the
 * rest (pages_slow.c). The frame is CACHED, or NULL.
 */
struct frame *pages_alloc_slow(struct tri_core *core, tri_gfp_t gfp, unsigned int order);

/*
 * pages_direct.c, for policies without lists: what the highest allowed zone has above its low
 * mark. A block, or NULL; its free; and, inside, the pfns of up to @n frames, CACHED.
 */
struct frame *pages_direct_alloc(struct tri_core *core, tri_gfp_t gfp, unsigned int order,
				 enum frame_state state);
void pages_direct_free(struct tri_core *core, struct frame *frame, unsigned int order);
unsigned long pages_direct_take(struct tri_core *core, tri_gfp_t gfp, uint32_t *pfn,
				unsigned long n);

/* One frame for the core itself, then in @state; NULL if there is none. May sleep. */
struct frame *pcp_alloc(struct tri_core *core, enum frame_state state);
void pcp_free(struct tri_core *core, struct frame *frame);

/*
 * @n frames, MAPPED, appended to the caller's @list. 0, or -ENOMEM and @list is empty: what was on
 * it is freed, too. May sleep.
 */
int pcp_alloc_list(struct tri_core *core, struct frame_list *list, unsigned long n);
/* Free every frame of @list, which is then empty; a block, by its kind, as one. */
void pcp_free_list(struct tri_core *core, struct frame_list *list);

#endif /* MMCORE_PAGES_H */
