/* SPDX-License-Identifier: GPL-2.0-only */
/* buddy.h - blocks of 2^order frames, split and merged in pairs. See pages_buddy.c. */
#ifndef MMCORE_BUDDY_H
#define MMCORE_BUDDY_H

#include "frame.h"

#define PAGEBLOCK_ORDER	 9
#define PAGEBLOCK_FRAMES (1UL << PAGEBLOCK_ORDER)
#define MIGRATE_TYPES	 3

/* Of one zone. */
struct buddy {
	plat_spinlock_t lock; /* a leaf */
	unsigned long frames_free;
	uint32_t orders[MIGRATE_TYPES]; /* bit k: free[type][k] is not empty */
	struct frame_list free[MIGRATE_TYPES][TRI_MAX_ORDER + 1];
};

#endif /* MMCORE_BUDDY_H */
