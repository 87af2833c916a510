/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mmcore.h - what mmcore's keys are: a is the point (enum tri_point); b of a histogram which of its
 * fields, of a sum the CPU.
 */
#ifndef TRACE_PROBES_MMCORE_H
#define TRACE_PROBES_MMCORE_H

/* By a field's type; ticks become ns. */
enum { MMCORE_TOOK, MMCORE_PAGES, MMCORE_BYTES, MMCORE_ORDER, MMCORE_COUNT, MMCORE_CPUS };
enum { MMCORE_PASSED }; /* sums */

/* Ticks become ns by a number times 2^-20: for 2 hours of 4 GHz there is room in 64 bits. */
#define MMCORE_TICK_SHIFT 20

#endif /* TRACE_PROBES_MMCORE_H */
