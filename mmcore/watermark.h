/* SPDX-License-Identifier: GPL-2.0-only */
/* watermark.h - how few free frames a request may leave. See watermark.c. */
#ifndef MMCORE_WATERMARK_H
#define MMCORE_WATERMARK_H

#include "zone.h"

/* Marks of all zones and their reserves; until then nothing is held back. */
void watermarks_init(struct tri_core *core);

/*
 * Whether a request may take 2^order frames from @zone at @mark (WATERMARK_LOW at first,
 * WATERMARK_MIN once it has had to try harder), by the free frames there are.
 */
bool watermark_ok(struct tri_core *core, struct zone *zone, unsigned int order, enum watermark mark,
		  tri_gfp_t gfp);

#endif /* MMCORE_WATERMARK_H */
