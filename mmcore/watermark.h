/* SPDX-License-Identifier: GPL-2.0-only */
/* watermark.h - how few free frames a request may leave. See watermark.c. */
#ifndef MMCORE_WATERMARK_H
#define MMCORE_WATERMARK_H

#include "zone.h"

/* Marks of all zones and their reserves; until then nothing is held back. */
void watermarks_init(struct tri_core *core);

/*
 * How many frames a request may take from @zone at @mark (WATERMARK_LOW at first, WATERMARK_MIN
 * once it has had to try harder), by the free frames there are.
 */
unsigned long watermark_room(struct tri_core *core, struct zone *zone, enum watermark mark,
			     tri_gfp_t gfp);

#endif /* MMCORE_WATERMARK_H */
