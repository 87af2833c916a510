/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gfp.h - what an allocation may do to succeed and where its memory may lie: the flags of
 * Linux's include/linux/gfp_types.h, with the same meanings.
 */
#ifndef MMCORE_GFP_H
#define MMCORE_GFP_H

#include "platform.h"

typedef uint32_t tri_gfp_t;

/* Where: the highest zone that will do; none of them: any. */
#define TRI_GFP_DMA   (1U << 0)
#define TRI_GFP_DMA32 (1U << 1)

/* What for; neither: unmovable. */
#define TRI_GFP_MOVABLE	    (1U << 2) /* its user can copy it elsewhere */
#define TRI_GFP_RECLAIMABLE (1U << 3) /* a shrinker can free it */

/* How hard to try. */
#define TRI_GFP_HIGH	       (1U << 4)  /* may use half of the minimum reserve */
#define TRI_GFP_DIRECT_RECLAIM (1U << 5)  /* may sleep, purge, shrink and drain */
#define TRI_GFP_KSWAPD_RECLAIM (1U << 6)  /* wakes background reclaim below the low mark */
#define TRI_GFP_NORETRY	       (1U << 7)  /* one light attempt at reclaim */
#define TRI_GFP_RETRY_MAYFAIL  (1U << 8)  /* as long as reclaim gets somewhere */
#define TRI_GFP_NOFAIL	       (1U << 9)  /* until it succeeds; with DIRECT_RECLAIM only */
#define TRI_GFP_MEMALLOC       (1U << 10) /* ignores watermarks: its caller frees memory */

#define TRI_GFP_ZERO   (1U << 11)
#define TRI_GFP_NOWARN (1U << 12) /* no log line on failure */

#define TRI_GFP_NOWAIT (TRI_GFP_KSWAPD_RECLAIM)
#define TRI_GFP_ATOMIC (TRI_GFP_HIGH | TRI_GFP_KSWAPD_RECLAIM)
#define TRI_GFP_KERNEL (TRI_GFP_DIRECT_RECLAIM | TRI_GFP_KSWAPD_RECLAIM)

#endif /* MMCORE_GFP_H */
