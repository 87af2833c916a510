/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cpus.h - what belongs to one CPU, and how another CPU may reach it all the same.
 *
 * Per-CPU lists have no lock and no locked instruction: their CPU enters, uses them and
 * leaves. A CPU that must see the others' (to drain, shrink, show or check them) stops them:
 * it raises the flag, has every CPU execute a full barrier, and waits until none is inside.
 * The fast path pays two plain stores and one load; all of the cost of ordering is on the
 * side that seldom happens (Dekker's algorithm with an asymmetric barrier, as membarrier(2)
 * describes it).
 */
#ifndef MMCORE_CPUS_H
#define MMCORE_CPUS_H

#include "platform.h"

/* What different CPUs write is this far apart: a cache line and the one prefetched with it. */
#define TRI_PAD __attribute__((aligned(128)))

/* Part of struct tri_cpu; written by its own CPU. */
struct cpu_gate {
	union {
		struct {
			uint32_t inside;
			uint32_t page_level; /* enum tri_page_level of its last allocation */
		};
		uint64_t both;
	};
	unsigned long saved; /* of plat_pin() */
};

/* Part of struct tri_core. */
struct cpu_stop {
	plat_mutex_t mutex; /* one at a time stops the others */
	unsigned int by;    /* that CPU's number + 1; 0: nobody */
};

void cpus_init(struct tri_core *core);
void cpus_exit(struct tri_core *core);

/*
 * Until cpus_resume() no other CPU is between tri_enter() and tri_leave(); it waits there.
 * The caller may enter itself, and must not change CPU. Not from inside; may sleep. Costs
 * microseconds.
 */
void cpus_stop(struct tri_core *core);
void cpus_resume(struct tri_core *core);

#endif /* MMCORE_CPUS_H */
