/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * apic.h - the local APIC (Intel SDM volume 3, chapter 10): x2APIC where CPUID has it, else
 * registers in memory. An APIC's ID is its CPU's number.
 */
#ifndef X86_64_QEMU_APIC_H
#define X86_64_QEMU_APIC_H

#include <stdint.h>

/* Which kind there is; mask the old interrupt controller. CPU 0, once. */
void apic_init(void);
/* This CPU's, with nothing of its own but what others send. */
void apic_enable(void);
void apic_eoi(void);
/* Interrupts are off, so that no handler sends in between. */
void apic_send(unsigned int cpu, uint8_t vector);
void apic_send_others(uint8_t vector);
void apic_send_self(uint8_t vector);
/* To all others: a non-maskable interrupt, INIT, a start at page number @page. */
void apic_nmi_others(void);
void apic_init_others(void);
void apic_startup_others(uint8_t page);

#endif /* X86_64_QEMU_APIC_H */
