/* SPDX-License-Identifier: GPL-2.0-only */
/* cpu_start.h - a CPU's way to where it answers others, and its end; inside the machine layer. */
#ifndef X86_64_QEMU_CPU_START_H
#define X86_64_QEMU_CPU_START_H

#include <stdbool.h>

/*
 * This CPU is @number: its per-CPU data, descriptors. Needs no memory. The compiler may read GS
 * before it is set: the caller doesn't use cpu_this().
 */
void cpu_init_this(unsigned int number);
/* Then, on the tables all share: paging's features, APIC. */
void cpu_enable_this(unsigned int number);
/* Where boot.S brings other CPUs; never returns. */
void cpu_ap_start(unsigned int number);
/* An NMI came: if a CPU stops all others, this one never returns; true: it is that CPU. */
bool cpu_stopped_by_nmi(void);

#endif /* X86_64_QEMU_CPU_START_H */
