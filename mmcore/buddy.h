/* SPDX-License-Identifier: GPL-2.0-only */
/* buddy.h - blocks of 2^order frames, split and merged in pairs. See buddy.c. */
#ifndef MMCORE_BUDDY_H
#define MMCORE_BUDDY_H

#include "frame.h"

struct buddy {
	plat_spinlock_t lock;
	unsigned long frames_free;
	struct frame_list free[TRI_MAX_ORDER + 1];
};

/* Hand all frames of the runs to the buddy, lowest addresses first in its lists. */
void buddy_init(struct tri_core *core, const struct tri_config *config);

/* A block whose first frame is then in @state, or NULL. */
struct frame *buddy_alloc(struct tri_core *core, unsigned int order, enum frame_state state);
void buddy_free(struct tri_core *core, struct frame *frame, unsigned int order);

/* Up to @n single frames, CACHED, at the tail of @list, under one hold of the lock. */
void buddy_alloc_list(struct tri_core *core, struct frame_list *list, unsigned long n);
/* Free @n single frames from the tail of @list, under one hold of the lock. */
void buddy_free_list(struct tri_core *core, struct frame_list *list, unsigned long n);

#endif /* MMCORE_BUDDY_H */
