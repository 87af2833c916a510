/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark.h - what the harness tells a plugin of the emulator it may run in, by PLAT_MARK()
 * (platform.h): where counting starts and ends. On hardware a mark is a NOP.
 *
 * A window of a CPU is what it executes between OPEN and CLOSE: only that is counted. A row is
 * the sum over all CPUs' windows between BEGIN and END. Marks of one CPU come in order; rows
 * begin and end on one CPU while no window is open.
 */
#ifndef BENCH_MARK_H
#define BENCH_MARK_H

enum mark {
	MARK_BEGIN = 1, /* a row begins: counters 0, every modelled TLB empty */
	MARK_END,	/* it is complete: append it to the rows */
	MARK_OPEN,	/* this CPU's window */
	MARK_CLOSE,
	MARK_OP, /* + metric, 0 to 3: an operation begins on this CPU ... */
	MARK_OP_LAST = MARK_OP + 3,
	MARK_OP_DONE, /* ... and is complete */
	MARK_FLUSH,   /* this CPU's mailbox holds a range whose translations it just dropped */
	MARK_COMING,  /* rows will follow, not within 10,000 instructions (see options.h, guest=) */
	MARK_COUNT
};

#endif /* BENCH_MARK_H */
