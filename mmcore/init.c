/* SPDX-License-Identifier: GPL-2.0-only */
/* init.c - clearing for init_on_alloc= and init_on_free=; see init.h. */
#include "core.h"
#include "init.h"

void init_clear(struct tri_core *core, void *memory, unsigned long bytes)
{
	memset(memory, 0, bytes);
	tri_count_pinning(core, TRI_EVENT_bytes_init, bytes);
}

void init_clear_block(struct tri_core *core, const struct frame *frame, unsigned int order)
{
	init_clear(core, plat_pfn_to_ptr(frame->pfn), TRI_PAGE_SIZE << order);
}

void init_clear_list(struct tri_core *core, const struct frame_list *list)
{
	const struct frame *frame = &core->frames.frame[list->head];

	for (unsigned long i = 0; i < list->count; i++) {
		if (!(frame_kind_full(frame) & FRAME_CLEAR))
			init_clear_block(core, frame, frame_kind(frame) >> 8);
		frame = &core->frames.frame[frame->next];
	}
}
