/* SPDX-License-Identifier: GPL-2.0-only */
/* pagetable.h - the x86-64 page tables of the window. See pagetable.c. */
#ifndef MMCORE_PAGETABLE_H
#define MMCORE_PAGETABLE_H

#include "frame.h"

/* What one entry of level 2 maps where it points to no table: 2 MiB. */
#define HUGE_ORDER 9U
#define HUGE_PAGES (1UL << HUGE_ORDER)
#define HUGE_BYTES (HUGE_PAGES << TRI_PAGE_SHIFT)

struct pagetable {
	uint64_t **level2; /* one per GiB the window touches */
	unsigned long nr_level2;
	unsigned long tables; /* frames used, both levels */
};

/* Level-2 tables the window of @config needs. */
unsigned long pagetable_nr_level2(const struct tri_config *config);
/* Allocate them. 0 or -ENOMEM. */
int pagetable_init(struct tri_core *core);
/* Flush, and give all tables back. No CPU may be inside the core. */
void pagetable_exit(struct tri_core *core);

/*
 * Make all level-1 tables that mapping 4 KiB pages there takes; its owner's mapping them then only
 * fails where the platform does. -ENOMEM: some may have been made, and stay.
 */
int pagetable_reserve(struct tri_core *core, uintptr_t start, unsigned long pages);
/*
 * Map @pages frames from the head of @frames at @start. -ENOMEM: nothing is mapped, all
 * frames are back in @frames, but [start, start + pages) needs a flush before its reuse.
 */
int pagetable_map(struct tri_core *core, uintptr_t start, unsigned long pages,
		  struct frame_list *frames);
/* The same for frames that stay their owner's: @pages of them, in any state and order. */
int pagetable_map_pfns(struct tri_core *core, uintptr_t start, unsigned long pages,
		       const unsigned long *pfns);
/*
 * Map the block of HUGE_ORDER at @frame, MAPPED, by one entry at @start, aligned, whose table
 * pagetable_drop_tables() has taken away. -ENOMEM: as above, the frame stays the caller's.
 */
int pagetable_map_huge(struct tri_core *core, uintptr_t start, struct frame *frame);
/*
 * Take away the level-1 tables of [start, end), HUGE_BYTES aligned, with no entry in use: out
 * of reach, then one flush, then free. May sleep.
 */
void pagetable_drop_tables(struct tri_core *core, uintptr_t start, uintptr_t end);
/*
 * Clear @pages entries, all present. Their frames are appended to @frames, a block that was
 * mapped by one entry as one; it must lie in the range whole. NULL: they are their owner's.
 */
void pagetable_unmap(struct tri_core *core, uintptr_t start, unsigned long pages,
		     struct frame_list *frames);

/* The frame mapped at @addr of the window, or TRI_PFN_NONE. */
unsigned long pagetable_lookup(const struct tri_core *core, uintptr_t addr);
/* True if one entry of level 2 maps @addr. */
bool pagetable_is_huge(const struct tri_core *core, uintptr_t addr);
/* The level-1 entries from @addr to the end of its table, or NULL if there is no table. */
uint64_t *pagetable_entries(const struct tri_core *core, uintptr_t addr);
/* The entry that maps a frame, or from it on 2 MiB, all its bits. */
uint64_t pagetable_leaf(unsigned long pfn);
uint64_t pagetable_huge_leaf(unsigned long pfn);
bool pagetable_present(uint64_t entry);
/* A level-2 entry that points to no table. */
bool pagetable_huge(uint64_t entry);
unsigned long pagetable_pfn(uint64_t entry);

#endif /* MMCORE_PAGETABLE_H */
