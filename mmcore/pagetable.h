/* SPDX-License-Identifier: GPL-2.0-only */
/* pagetable.h - the x86-64 page tables of the window. See pagetable.c. */
#ifndef MMCORE_PAGETABLE_H
#define MMCORE_PAGETABLE_H

#include "frame.h"

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
 * Map @pages frames from the head of @frames at @start. -ENOMEM: nothing is mapped, all
 * frames are back in @frames, but [start, start + pages) needs a flush before its reuse.
 */
int pagetable_map(struct tri_core *core, uintptr_t start, unsigned long pages,
		  struct frame_list *frames);
/* Clear @pages entries, all present; their frames are appended to @frames. */
void pagetable_unmap(struct tri_core *core, uintptr_t start, unsigned long pages,
		     struct frame_list *frames);

/* The level-1 entries from @addr to the end of its table, or NULL if there is no table. */
uint64_t *pagetable_entries(const struct tri_core *core, uintptr_t addr);
/* The entry that maps a frame, all its bits. */
uint64_t pagetable_leaf(unsigned long pfn);
bool pagetable_present(uint64_t entry);
unsigned long pagetable_pfn(uint64_t entry);

#endif /* MMCORE_PAGETABLE_H */
