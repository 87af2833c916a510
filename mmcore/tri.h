/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tri.h - what users of mmcore call: make a core, allocate from it, look at it.
 *
 * Glossary. Frame: a page of physical memory, numbered by its pfn. Block: 2^order
 * frames, aligned. Area: a range of window addresses handed out by one tri_vmalloc(),
 * guard page included. Waiting: freed, but not reusable until a flush. Core: one whole
 * memory manager; API calls without a core argument act on plat_core().
 */
#ifndef MMCORE_TRI_H
#define MMCORE_TRI_H

#include "platform.h"

#define TRI_PAGE_SHIFT 12
#define TRI_PAGE_SIZE  (1UL << TRI_PAGE_SHIFT)
#define TRI_MAX_ORDER  10 /* largest block: 2^10 frames, 4 MiB */
#define TRI_MAX_RUNS   1024
#define TRI_MAX_CPUS   64

/* enum tri_policy_flush { TRI_FLUSH_LAZY, TRI_FLUSH_EAGER }: from policies.def */
/* ... generated enums and tables are declared in config.h, see there. */
#include "config.h"
#include "events.h"

/*
 * Bytes of zeroed, page-aligned memory a core with this configuration needs for
 * itself; 0 if the configuration is impossible (tri_core_init() says why).
 */
size_t tri_core_size(const struct tri_config *config);

/*
 * Make a core in @mem (tri_core_size() bytes, zeroed). The frames and the window of
 * @config are the core's until tri_core_exit(). -EINVAL (with a logged line) for a bad
 * configuration, -ENOMEM if the frames don't suffice for the preallocated tables.
 */
int tri_core_init(struct tri_core *core, const struct tri_config *config);

/*
 * Purge, drain, verify that every frame is free again and the window empty, then let go.
 * Returns how many frames were still in use (0 is right); never fails. Single-threaded.
 */
unsigned long tri_core_exit(struct tri_core *core);

/*
 * @size bytes, rounded up to pages, of zero-offset, page-aligned, virtually contiguous
 * memory with one guard page behind it, or NULL. May sleep; may purge before it fails.
 * Contents are undefined. Linux: mm/vmalloc.c, vmalloc().
 */
void *tri_vmalloc(unsigned long size);

/*
 * Give back what tri_vmalloc() returned; NULL is allowed. Frames are free at once; when
 * the addresses are depends on the flush policy. Anything else panics. May sleep.
 */
void tri_vfree(const void *addr);

/* Flush and return every waiting area of this core now; how many areas there were. */
unsigned long tri_vmalloc_purge(void);

/*
 * Blocks of 2^order frames (0..TRI_MAX_ORDER): the first frame's pfn, or TRI_PFN_NONE.
 * Order 0 goes through the per-CPU lists.
 */
#define TRI_PFN_NONE (~0UL)
unsigned long tri_alloc_pages(unsigned int order);
void tri_free_pages(unsigned long pfn, unsigned int order);

/*
 * The level-2 table (1 GiB each) that serves @addr of the window, as a pfn, for a target to
 * splice into its own tables. Stays the same, and its entries are kept, until exit.
 */
unsigned long tri_table_pfn(const struct tri_core *core, uintptr_t addr);

/* What lies at an address of the window, for reports and fault handlers. */
enum tri_where { TRI_OUTSIDE, TRI_FREE, TRI_LIVE, TRI_GUARD, TRI_WAITING };
struct tri_area_info {
	enum tri_where where;
	uintptr_t start, end; /* the area with its guard page; 0, 0 if OUTSIDE or FREE */
};
void tri_area_find(struct tri_core *core, uintptr_t addr, struct tri_area_info *info);

/* Merged over CPUs; exact once no CPU is inside the core. out[TRI_EVENT_COUNT]. */
void tri_events_read(const struct tri_core *core, unsigned long *out);
/* Set all of them to 0 (MAX kinds restart from the present value where there is one). */
void tri_events_reset(struct tri_core *core);

struct tri_status {
	unsigned long frames, frames_free; /* free includes per-CPU lists */
	unsigned long areas_live, areas_waiting, pages_waiting;
	unsigned long tables;	   /* frames used as page tables */
	unsigned long pool_frames; /* frames holding the core's own objects */
};
void tri_status_read(struct tri_core *core, struct tri_status *out);

/*
 * Walk every structure and verify every invariant: 0, or the number of faults found, each
 * logged in one line. No CPU may be inside the core.
 */
unsigned long tri_check(struct tri_core *core);

#endif /* MMCORE_TRI_H */
