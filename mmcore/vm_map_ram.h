/* SPDX-License-Identifier: GPL-2.0-only */
/* vm_map_ram.h - areas that many small, short mappings share, a CPU each. See vm_map_ram.c. */
#ifndef MMCORE_VM_MAP_RAM_H
#define MMCORE_VM_MAP_RAM_H

#include "areas.h"

/*
 * A block: an area whose pages are handed out once, from low to high, and come back dirty.
 * Mappings take a power of two of its pages, so that sizes that differ leave no room unused.
 */
struct ram_block {
	struct ram_block *next, *prev; /* of its CPU's list, while it has room */
	uintptr_t start;
	plat_spinlock_t lock; /* what follows but free; a leaf */
	uint16_t free; /* never handed out, the highest; changed by its CPU, or by who stopped it */
	uint16_t dirty;		       /* handed out and come back */
	uint16_t mapped;	       /* entries present, or about to be */
	uint16_t dirty_min, dirty_end; /* not flushed since they came back; both 0: none */
};
_Static_assert(sizeof(struct ram_block) <= AREA_SIZE, "from the pool of areas");

/* Where a block starts, by that address divided by its size: at most one does. */
struct ram_slot {
	uintptr_t start; /* 0: none */
	struct ram_block *block;
};

/* Part of struct tri_cpu: blocks with room, oldest first. */
struct ram_cpu {
	struct ram_block *first, *last;
};

struct ram {
	unsigned int block_pages; /* a power of two */
	unsigned long nr_slots;
	struct ram_slot *slot;
	plat_mutex_t mutex;    /* one at a time gives up blocks, or flushes in them */
	unsigned long blocks;  /* atomic, as is */
	unsigned long closing; /* blocks on their way from a slot to the flush policy */
};

/* How large blocks are, and how many slots that makes; slot comes from the core. */
void ram_measure(struct ram *ram, const struct tri_config *config);
void ram_init(struct tri_core *core);
/* Give up all blocks nothing is mapped in. No CPU may be inside the core. */
void ram_exit(struct tri_core *core);

/*
 * Give up blocks that have been used, and in which nothing is mapped any more; those with
 * much room left only if @all. How many. They wait for their flush as freed areas do.
 */
unsigned long ram_purge(struct tri_core *core, bool all);

#endif /* MMCORE_VM_MAP_RAM_H */
