/* SPDX-License-Identifier: GPL-2.0-only */
/* ipi_interrupt.h - where vectors.S brings the interrupt of ipi.c. */
#ifndef X86_64_QEMU_IPI_INTERRUPT_H
#define X86_64_QEMU_IPI_INTERRUPT_H

void ipi_interrupt(void);

#endif /* X86_64_QEMU_IPI_INTERRUPT_H */
