/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memory.h - a core's frames, taken from Linux in blocks of mmcore's largest order and given back
 * whole; and page-aligned memory for bookkeeping.
 */
#ifndef LINUX_MODULE_MEMORY_H
#define LINUX_MODULE_MEMORY_H

#include "tri.h"

/*
 * @pages frames as up to @max runs, sorted by pfn, adjacent blocks joined. How many runs, or 0:
 * nothing was taken. May sleep; reclaims, never kills: __GFP_NORETRY | __GFP_NOWARN.
 */
unsigned int memory_take_runs(unsigned long pages, struct tri_run *runs, unsigned int max);
void memory_return_runs(const struct tri_run *runs, unsigned int n);
/* Pages of ours that are not given back; 0 when no core is open and no scratch is held. */
unsigned long memory_held(void);

#endif /* LINUX_MODULE_MEMORY_H */
