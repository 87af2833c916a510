/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * watch.h - what is counted of each CPU, and when: rows and windows as bench/mark.h defines them.
 *
 * Instructions are counted by one counter, which translated code adds to: the difference since
 * last asked is the work of the CPU that ran since. That is exact if one thread runs all CPUs
 * (-icount), or one CPU is all there is. Marks are not counted: between a mark and the next lie
 * exactly the instructions between them.
 *
 * A REP string instruction is one instruction however many elements it has, as hardware counts it
 * (Intel SDM 3B, INST_RETIRED); one that is interrupted counts anew when it goes on.
 *
 * A load or store is what the emulator makes one: an access of more than 8 bytes is several; a
 * locked exchange is a load and a store; each element of a REP string instruction makes its own.
 * Accesses that cross a page count once, but the TLB sees both pages, as hardware splits them.
 */
#ifndef TLBMODEL_WATCH_H
#define TLBMODEL_WATCH_H

#include "mailbox.h"
#include "model.h"
#include "rows.h"

struct watched {
	bool open; /* a window of this CPU */
	unsigned int number;
	struct tlb *tlb;
	uint64_t counter[ROW_COUNTERS]; /* of this row's windows that are closed, and ... */
	struct tlb_counts before;	/* ... when this one was opened */
	unsigned int metric;		/* of the operation under way; ROW_METRICS: none */
	uint64_t op_began[ROW_COSTS];
	uint64_t repeating;   /* address of the REP instruction it came to last, and ... */
	uint64_t repeated_at; /* ... watch_instructions then */
};

/* By QEMU's number. In user mode all threads are CPU 0: one worker is counted. */
extern struct watched watched[MAILBOXES];
/* Added to by translated code. */
extern uint64_t watch_instructions;
/* Whose work that is; another's from watch_runs() on. */
extern struct watched *watch_running;

/* Models for @cpus CPUs. 0, or -1 after a line on stderr. */
int watch_open(const struct tlb_shape *shape, unsigned int cpus);
void watch_runs(struct watched *cpu);
/* Its TLB sees an access to a page. */
void watch_access(struct watched *cpu, uint64_t address);

/*
 * Before the instruction: a mark; an element of a REP instruction at @address, which translated
 * code has not counted; flushes, with the mailbox as it is now.
 */
void watch_mark(struct watched *cpu, unsigned int mark);
void watch_repeat(struct watched *cpu, uint64_t address);
void watch_iret(struct watched *cpu);
void watch_invlpg(struct watched *cpu);
void watch_invpcid(struct watched *cpu);
void watch_cr3(struct watched *cpu);
void watch_cr4(struct watched *cpu);

#endif /* TLBMODEL_WATCH_H */
