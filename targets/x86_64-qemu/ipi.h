/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ipi.h - have other CPUs call a function, in an interrupt, and wait for it or not.
 *
 * The function runs with interrupts off, wherever the CPU called just was, in plat_spin_wait() too:
 * it takes no lock, does not wait, and calls nobody itself.
 *
 * Two CPUs that call each other serve each other's call while they wait, by interrupt, or, where
 * interrupts are off, by ipi_poll(), as every wait with interrupts off must.
 */
#ifndef X86_64_QEMU_IPI_H
#define X86_64_QEMU_IPI_H

#include <stdbool.h>
#include <stdint.h>

typedef void (*ipi_fn)(void *arg);

/*
 * On every CPU whose bit is set in @mask, but never on this one: how many they were. Without
 * @wait @arg must outlive the call. A CPU not yet started is left out.
 */
unsigned int ipi_call_mask(uint64_t mask, ipi_fn fn, void *arg, bool wait);
unsigned int ipi_call_one(unsigned int cpu, ipi_fn fn, void *arg, bool wait);
unsigned int ipi_call_others(ipi_fn fn, void *arg, bool wait);
/* An interrupt to this CPU itself; back when it was taken. */
void ipi_self(void);
/* Serve what waits for this CPU. One load if nothing does. */
void ipi_poll(void);

#endif /* X86_64_QEMU_IPI_H */
