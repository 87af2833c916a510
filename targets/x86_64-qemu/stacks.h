/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stacks.h - each CPU's stacks: one to work on, and one each for what may arrive while that one
 * is broken (numbered as the processor's IST is). A page that is not mapped lies below each.
 */
#ifndef X86_64_QEMU_STACKS_H
#define X86_64_QEMU_STACKS_H

#include <stdbool.h>
#include <stdint.h>

enum stack_kind { STACK_WORK, STACK_DOUBLE_FAULT, STACK_NMI, STACK_MACHINE_CHECK, STACK_KINDS };

/* Map the stacks of @cpu; false: no memory. CPU 0 alone, before @cpu runs. */
bool stacks_map(unsigned int cpu);
uintptr_t stack_top(unsigned int cpu, enum stack_kind kind);
/* Lie the 16 bytes from @addr on in some CPU's mapped stack? */
bool stack_holds(uintptr_t addr);
/* Is @addr in the page below the stack that @cpu works on? */
bool stack_overflown(uintptr_t addr, unsigned int cpu);

#endif /* X86_64_QEMU_STACKS_H */
