/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vectors.S - entries of the 256 vectors. Those of exceptions end in trap(), with all registers in
 * memory (trap.h); the one of calls between CPUs saves only what C may change.
 */
#include "layout.h"

	.text
/* 16 bytes each (descriptors.c). Vectors whose error code the CPU pushes: SDM, table 6-1. */
	.balign 16
	.globl trap_stubs
trap_stubs:
	.set vector, 0
	.rept 256
	.balign 16
	.if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || \
		vector == 29 || vector == 30)
	pushq $0
	.endif
	pushq $vector
	jmp trap_common
	.set vector, vector + 1
	.endr

	.balign 16
	.type trap_common, @function
trap_common:
	pushq %rax
	pushq %rcx
	pushq %rdx
	pushq %rbx
	pushq %rbp
	pushq %rsi
	pushq %rdi
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	cld
	movq %rsp, %rdi
	call trap
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rdi
	popq %rsi
	popq %rbp
	popq %rbx
	popq %rdx
	popq %rcx
	popq %rax
	addq $16, %rsp
	iretq
	.size trap_common, . - trap_common

/* Nine registers and the five words of the CPU's: the stack is aligned for the call. */
	.balign 64
	.globl trap_ipi
	.type trap_ipi, @function
trap_ipi:
	pushq %rax
	pushq %rcx
	pushq %rdx
	pushq %rsi
	pushq %rdi
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	cld
	call ipi_interrupt
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rdi
	popq %rsi
	popq %rdx
	popq %rcx
	popq %rax
	iretq
	.size trap_ipi, . - trap_ipi

/* Of the APIC's own making: nothing to do, nothing to acknowledge. */
	.balign 16
	.globl trap_spurious
	.type trap_spurious, @function
trap_spurious:
	iretq
	.size trap_spurious, . - trap_spurious

	.section .note.GNU-stack, "", @progbits
