/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * paging.h - the kernel's own page tables: image, RAM, APIC, stacks; and the windows, whose
 * lower tables are a core's, put in place once.
 */
#ifndef X86_64_QEMU_PAGING_H
#define X86_64_QEMU_PAGING_H

#include "memory.h"

/* Addresses for windows: Linux's for vmalloc (arch/x86/include/asm/pgtable_64_types.h). */
#define PAGING_WINDOWS	    0xffffc90000000000UL
#define PAGING_WINDOW_BYTES (32UL << 40)

/*
 * Where each CPU's stacks lie (stacks.c), 1 GiB; and the 2 MiB page of the APIC's registers.
 * Nothing lies in the last 2 MiB: a stack pointer that has run below 0 faults.
 */
#define PAGING_STACKS 0xffffffffc0000000UL
#define PAGING_APIC   0xffffffffffa00000UL

/* Build the tables all CPUs share and load them; CPU 0, once. */
void paging_init(void);
/* What this CPU can do beyond: global pages, SMEP, SMAP, PCID. On the tables' first load. */
void paging_enable(void);
/* Show @page at @va, a page of PAGING_STACKS; 0 or -ENOMEM. */
int paging_map_stack(uintptr_t va, const void *page);

/* Put the level-2 table @pfn in charge of the GiB at @va, on all CPUs; nothing was before. */
void paging_splice(uintptr_t va, unsigned long pfn);
/*
 * Take out what is in charge of the GiBs of [start, end). On return no CPU walks those tables or
 * uses what it read there. Interrupts on.
 */
void paging_unsplice(uintptr_t start, uintptr_t end);

/* Physical address of the root all CPUs share. */
uint64_t paging_root(void);

/* --- This CPU alone; the operand reaches the plugin's mailbox first. Any interrupt state. --- */
void paging_invlpg(uintptr_t va);
/* Reload CR3: with @keep (PCID only) what is cached stays. */
void paging_reload(bool keep);
/* CR4.PGE off and on: everything cached goes, global translations too. */
void paging_flush_all(void);
bool paging_has_pcid(void);

#endif /* X86_64_QEMU_PAGING_H */
