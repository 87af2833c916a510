/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * boot.S - from the boot protocol (PVH: 32-bit protected mode, paging off, EBX: start info; Xen
 * docs/misc/pvh.pandoc) or a start-up IPI (real mode) to C in 64-bit mode.
 *
 * Both go through one pair of tables that show the first GiB three times: at 0, at MEMORY_BASE
 * and at LAYOUT_BASE. paging.c replaces them, so nothing is mapped at 0 afterwards.
 */
#include "layout.h"

#define PHYS(symbol) ((symbol) - LAYOUT_BASE)

/* Entries: present, writable, accessed, dirty; level 2: 2 MiB. */
#define TABLE 0x23
#define HUGE 0xe3

#define CR0_PE (1 << 0)
#define CR0_WP (1 << 16)
#define CR0_PG (1 << 31)
#define CR4_PAE (1 << 5)
#define MSR_EFER 0xc0000080
#define EFER_LME (1 << 8)
#define EFER_NXE (1 << 11)
#define CPUID_EXTENDED 0x80000001
#define CPUID_NX (1 << 20)

	/* XEN_ELFNOTE_PHYS32_ENTRY = 18 */
	.section .note.Xen, "a", @note
	.balign 4
	.long 2f - 1f, 4f - 3f, 18
1:	.asciz "Xen"
2:	.balign 4
3:	.long PHYS(boot_entry)
4:	.balign 4

	.section .text.boot, "ax"
	.code32
	.globl boot_entry
boot_entry:
	cli
	cld
	movl $PHYS(boot_level3) + TABLE, %eax
	movl %eax, PHYS(boot_level4)
	movl %eax, PHYS(boot_level4) + 8 * LAYOUT_SLOT_MEMORY
	movl %eax, PHYS(boot_level4) + 8 * LAYOUT_SLOT_IMAGE
	movl $PHYS(boot_level2) + TABLE, %eax
	movl %eax, PHYS(boot_level3)
	movl %eax, PHYS(boot_level3) + 8 * LAYOUT_SLOT3_IMAGE
	movl $HUGE, %eax
	xorl %ecx, %ecx
1:	movl %eax, PHYS(boot_level2)(, %ecx, 8)
	addl $0x200000, %eax
	incl %ecx
	cmpl $512, %ecx
	jne 1b
	movl %ebx, %edi
	xorl %esi, %esi		/* CPU 0 */
	jmp boot_long

/* Other CPUs, in protected mode. The number of a CPU is its APIC's. */
	.globl boot_entry_ap
boot_entry_ap:
	movw $LAYOUT_DATASEG, %ax
	movw %ax, %ds
	movw %ax, %es
	movw %ax, %ss
	movl $1, %eax
	cpuid
	shrl $24, %ebx
	movl %ebx, %esi

/* EDI: start info, ESI: the CPU's number. Both reach C as they are. */
boot_long:
	lgdt PHYS(boot_gdtr)
	movl $CR4_PAE, %eax
	movl %eax, %cr4
	movl $PHYS(boot_level4), %eax
	movl %eax, %cr3
	/* A CPU without NX faults if told to use it: paging_init() will say what is missing. */
	movl $CPUID_EXTENDED, %eax
	cpuid
	movl $EFER_LME, %ebp
	testl $CPUID_NX, %edx
	jz 1f
	orl $EFER_NXE, %ebp
1:	movl $MSR_EFER, %ecx
	rdmsr
	orl %ebp, %eax
	wrmsr
	movl $(CR0_PE | CR0_WP | CR0_PG), %eax
	movl %eax, %cr0
	ljmp $LAYOUT_CODE, $PHYS(boot_64)

	.code64
boot_64:
	movw $LAYOUT_DATASEG, %ax
	movw %ax, %ds
	movw %ax, %es
	movw %ax, %ss
	xorl %eax, %eax
	movw %ax, %fs
	movw %ax, %gs
	xorl %ebp, %ebp
	testl %esi, %esi
	jnz 1f
	movq $boot_stack + LAYOUT_BOOT_STACK, %rsp
	movq $machine_start, %rax
	call *%rax
	ud2
/* Another CPU's own stack is mapped in the tables all CPUs share only. */
1:	movq boot_root(%rip), %rax
	movq $2f, %rcx
	jmp *%rcx
2:	cmpl boot_cpus, %esi
	jae 3f
	movq %rax, %cr3
	movq boot_stacks(, %rsi, 8), %rsp
	movl %esi, %edi
	call cpu_ap_start
	ud2
/* Nobody asked for this one. */
3:	hlt
	jmp 3b

/* void boot_switch_stack(uintptr_t top, void (*fn)(void)): never returns. */
	.globl boot_switch_stack
	.type boot_switch_stack, @function
boot_switch_stack:
	movq %rdi, %rsp
	xorl %ebp, %ebp
	call *%rsi
	ud2
	.size boot_switch_stack, . - boot_switch_stack

/* Copied to LAYOUT_TRAMPOLINE: a start-up IPI begins at its first byte, CS base the same. */
	.section .rodata
	.globl boot_trampoline, boot_trampoline_end
	.code16
boot_trampoline:
	cli
	lgdtl %cs:(boot_trampoline_gdtr - boot_trampoline)
	movl $CR0_PE, %eax
	movl %eax, %cr0
	ljmpl $LAYOUT_CODE32, $PHYS(boot_entry_ap)
	.balign 4
boot_trampoline_gdtr:
	.word boot_gdt_end - boot_gdt - 1
	.long PHYS(boot_gdt)
boot_trampoline_end:

	.balign 8
boot_gdt:
	.quad 0
	.quad 0x00af9b000000ffff	/* LAYOUT_CODE: 64-bit */
	.quad 0x00cf93000000ffff	/* LAYOUT_DATASEG */
	.quad 0x00cf9b000000ffff	/* LAYOUT_CODE32 */
boot_gdt_end:
boot_gdtr:
	.word boot_gdt_end - boot_gdt - 1
	.long PHYS(boot_gdt)

	.bss
	.balign 4096
boot_level4:
	.skip 4096
boot_level3:
	.skip 4096
boot_level2:
	.skip 4096
	.balign 16
boot_stack:
	.skip LAYOUT_BOOT_STACK

	.section .note.GNU-stack, "", @progbits
