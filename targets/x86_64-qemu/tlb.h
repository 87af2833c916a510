/* SPDX-License-Identifier: GPL-2.0-only */
/* tlb.h - what flushes did, CPU by CPU, for counters.c. */
#ifndef X86_64_QEMU_TLB_H
#define X86_64_QEMU_TLB_H

#include "tri.h"

/* Padded to a pair of cache lines, as adjacent ones are fetched together. */
struct tlb_work {
	uint64_t calls, ticks; /* flushes this CPU asked for, and what they took */
	uint64_t served;       /* interrupts in which it flushed for others */
} __attribute__((aligned(128)));
extern struct tlb_work tlb_work[TRI_MAX_CPUS];

#endif /* X86_64_QEMU_TLB_H */
