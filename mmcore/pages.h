/* SPDX-License-Identifier: GPL-2.0-only */
/* pages.h - blocks of page frames for the core's own layers. See tri_pages.h. */
#ifndef MMCORE_PAGES_H
#define MMCORE_PAGES_H

#include "frame.h"

/* A block whose first frame is then in @state, or NULL. @core is the CPU's current one. */
struct frame *pages_alloc(struct tri_core *core, tri_gfp_t gfp, unsigned int order,
			  enum frame_state state);
void pages_free(struct tri_core *core, struct frame *frame, unsigned int order);

#endif /* MMCORE_PAGES_H */
