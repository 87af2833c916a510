/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memory.h - the machine's RAM: what the boot protocol reported, minus kernel, channel and log,
 * handed out in whole 4 MiB blocks (a core's frames) or pages (everything else). For slot 0
 * while no other CPU works.
 *
 * All RAM is seen at MEMORY_BASE + physical, by 2 MiB pages, writable, never executable.
 */
#ifndef X86_64_QEMU_MEMORY_H
#define X86_64_QEMU_MEMORY_H

#include "tri.h"

#define MEMORY_BASE 0xffff888000000000UL

/* RAM above is not used: 16 GiB, and the hole below 4 GiB. Below the least nothing starts. */
#define MEMORY_LIMIT (20UL << 30)
#define MEMORY_MIN   (64UL << 20)

static inline void *memory_ptr(uint64_t physical)
{
	return (void *)(MEMORY_BASE + physical);
}

static inline uint64_t memory_physical(const void *ptr)
{
	return (uint64_t)ptr - MEMORY_BASE;
}

/* Zeroed pages, virtually and physically contiguous, aligned to a page; NULL if there are none. */
void *memory_alloc(size_t bytes);
void memory_free(void *memory, size_t bytes);
/*
 * @pages frames for a core: up to @max runs, each beginning at a multiple of the largest block.
 * How many runs, or 0 if there is not that much. Not zeroed.
 */
unsigned int memory_take_runs(unsigned long pages, struct tri_run *runs, unsigned int max);
void memory_return_runs(const struct tri_run *runs, unsigned int n);
/* Bytes of RAM in all, and of those free. */
uint64_t memory_total(void);
uint64_t memory_available(void);

/* --- For the machine's start --- */
struct memory_range {
	uint64_t start, end;
};
#define MEMORY_RANGES 32
/* Take over what the boot protocol reports: a list at physical address @map. */
void memory_init(uint64_t map, unsigned int entries);
/* RAM as reported, in bytes. */
const struct memory_range *memory_ranges(unsigned int *n);

#endif /* X86_64_QEMU_MEMORY_H */
