/* SPDX-License-Identifier: GPL-2.0-only */
/* pcp.h - per-CPU lists of single frames in front of the buddy. See pcp.c. */
#ifndef MMCORE_PCP_H
#define MMCORE_PCP_H

#include "frame.h"

struct pcp {
	struct frame_list list; /* head: last freed, warmest in the cache */
	unsigned long high;	/* above this, a free drains */
	unsigned long batch;	/* frames moved at once */
};

void pcp_init(struct tri_core *core);

/* One frame, then in @state; NULL if this CPU's list and the buddy are empty. */
struct frame *pcp_alloc(struct tri_core *core, enum frame_state state);
void pcp_free(struct tri_core *core, struct frame *frame);

/* @n frames, MAPPED, appended to the caller's @list: all or none. 0 or -ENOMEM. */
int pcp_alloc_list(struct tri_core *core, struct frame_list *list, unsigned long n);
/* Free every frame of @list, which is then empty; a block, by its kind, as one. */
void pcp_free_list(struct tri_core *core, struct frame_list *list);

/* Give this CPU's frames back to the buddy. */
void pcp_drain(struct tri_core *core);
/* Give back those of all CPUs; no other CPU may be inside the core. */
void pcp_drain_all(struct tri_core *core);

#endif /* MMCORE_PCP_H */
