/* SPDX-License-Identifier: GPL-2.0-only */
/* descriptors.h - segments, task states and interrupt gates: what a CPU needs to take a trap. */
#ifndef X86_64_QEMU_DESCRIPTORS_H
#define X86_64_QEMU_DESCRIPTORS_H

/* Fill the table of interrupt gates all CPUs share; CPU 0, once. */
void descriptors_init(void);
/* Load them on this CPU, and GS; its number is @cpu, its stacks need not exist yet. */
void descriptors_load(unsigned int cpu);

#endif /* X86_64_QEMU_DESCRIPTORS_H */
