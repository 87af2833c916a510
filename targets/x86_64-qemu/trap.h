/* SPDX-License-Identifier: GPL-2.0-only */
/* trap.h - what a CPU was doing when an exception came. */
#ifndef X86_64_QEMU_TRAP_H
#define X86_64_QEMU_TRAP_H

#include <stdint.h>

/* As vectors.S leaves it on the stack. */
struct trap_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
	uint64_t vector, error;
	uint64_t rip, cs, rflags, rsp, ss; /* by the CPU */
};

/* Report it and end the run; returns only to the CPU that stops all others. */
void trap(const struct trap_frame *frame);

#endif /* X86_64_QEMU_TRAP_H */
