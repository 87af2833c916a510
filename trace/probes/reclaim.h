/* SPDX-License-Identifier: GPL-2.0-only */
/* reclaim.h - what reclaim's keys are: of a histogram a is the kind; of sums a and b, a name. */
#ifndef TRACE_PROBES_RECLAIM_H
#define TRACE_PROBES_RECLAIM_H

/* What a thread does itself; each is a sum as well. */
enum { RECLAIM_DIRECT, RECLAIM_GROUP, RECLAIM_SOFT, RECLAIM_COMPACT, RECLAIM_KINDS };
/* Further sums. */
enum { RECLAIM_KSWAPD = RECLAIM_KINDS, RECLAIM_VICTIM };
enum { RECLAIM_TIME, RECLAIM_PAGES }; /* histograms */

#endif /* TRACE_PROBES_RECLAIM_H */
