/* SPDX-License-Identifier: GPL-2.0-only */
/* tlb.h - flushes for window.c, and what flushes did, CPU by CPU, for counters.c. */
#ifndef LINUX_MODULE_TLB_H
#define LINUX_MODULE_TLB_H

#include <asm/percpu.h>
#include <linux/types.h>

/* Of Linux's CPU; the slot's is workers_cpu(). Only grow. */
struct tlb_work {
	uint64_t calls, ticks; /* flushes this CPU asked for, and what they took */
	uint64_t served;       /* interrupts in which it flushed for others */
};
DECLARE_PER_CPU(struct tlb_work, tlb_work);

/*
 * All CPUs drop all they have cached, of translations and of the tables' upper levels, under every
 * PCID. Uncounted: not mmcore's. May sleep.
 */
void tlb_forget(void);

#endif /* LINUX_MODULE_TLB_H */
