/* SPDX-License-Identifier: GPL-2.0-only */
/* tlbflush.h - what tlbflush's keys are: a is the reason, b of a sum the CPU. */
#ifndef TRACE_PROBES_TLBFLUSH_H
#define TRACE_PROBES_TLBFLUSH_H

/* enum tlb_flush_reason of Linux (include/linux/mm_types.h), and room for more. */
#define TLBFLUSH_REASONS 8

enum { TLBFLUSH_PAGES };		 /* histograms */
enum { TLBFLUSH_RANGES, TLBFLUSH_FULL }; /* sums */

#endif /* TRACE_PROBES_TLBFLUSH_H */
