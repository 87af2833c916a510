/* SPDX-License-Identifier: GPL-2.0-only */
/* floor.h - what the least of probes costs here: what is above it is ours. */
#ifndef TRACE_PROBES_FLOOR_H
#define TRACE_PROBES_FLOOR_H

/*
 * ns an event by which an empty program on a raw tracepoint slows down who passes it; negative: it
 * can't be had. Takes some 50 ms, and a few interrupts of all CPUs. TCG's time in a guest of TCG.
 */
double floor_measure(void);

#endif /* TRACE_PROBES_FLOOR_H */
