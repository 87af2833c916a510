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

#include "config.h"
#include "events.h"
#include "shrinker.h"
#include "tri_kmalloc.h"
#include "tri_pages.h"
#include "tri_show.h"
#include "tri_slab.h"
#include "tri_vmalloc.h"

/*
 * Bytes of zeroed, page-aligned memory a core with this configuration needs for
 * itself; 0 if the configuration is impossible (tri_core_init() says why). One call at a time.
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
 * Returns how many frames were still in use (0 is right); never fails. Single-threaded; @core is
 * the CPU's current one.
 */
unsigned long tri_core_exit(struct tri_core *core);

/*
 * The level-2 table (1 GiB each) that serves @addr of the window, as a pfn, for a target to
 * splice into its own tables. Stays the same, and its entries are kept, until exit.
 */
unsigned long tri_table_pfn(const struct tri_core *core, uintptr_t addr);

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
 * logged in one line. No CPU may be inside the core, nor another in this call.
 */
unsigned long tri_check(struct tri_core *core);

#endif /* MMCORE_TRI_H */
