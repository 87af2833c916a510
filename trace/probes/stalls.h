/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stalls.h - what stalls' keys are: what is the cause; a and b the 16 bytes of a name (of who ran
 * instead, of an interrupt), or a the number of a vector or softirq.
 */
#ifndef TRACE_PROBES_STALLS_H
#define TRACE_PROBES_STALLS_H

/* In the order of stalls_metrics[]; an event's `what` is one too. */
enum {
	STALLS_PREEMPTED,
	STALLS_BLOCKED,
	STALLS_WAITING,
	STALLS_VECTOR,
	STALLS_IRQ,
	STALLS_SOFTIRQ,
	STALLS_YIELDED,
	STALLS_CAUSES
};

enum {
	STALLS_LOCAL_TIMER,
	STALLS_RESCHEDULE,
	STALLS_CALL_FUNCTION,
	STALLS_CALL_FUNCTION_SINGLE,
	STALLS_IRQ_WORK,
	STALLS_VECTORS
};

#endif /* TRACE_PROBES_STALLS_H */
