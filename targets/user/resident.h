/* SPDX-License-Identifier: GPL-2.0-only */
/* resident.h - how much memory of its own this process keeps. */
#ifndef USER_RESIDENT_H
#define USER_RESIDENT_H

/*
 * Anonymous bytes resident now, by the page tables (/proc/self/smaps_rollup): exact, unlike
 * statm, which per-CPU counters keep only roughly. The arena of cores is shared memory and not
 * part of it. Costs milliseconds. -1: the system does not say.
 */
long resident_bytes(void);

#endif /* USER_RESIDENT_H */
