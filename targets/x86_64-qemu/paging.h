/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * paging.h - the kernel's own page tables: image, RAM, APIC, stacks; and the windows, whose
 * lower tables are a core's, put in place once.
 */
#ifndef X86_64_QEMU_PAGING_H
#define X86_64_QEMU_PAGING_H

#include "memory.h"

/* Addresses for windows, PAGING_WINDOW_BYTES of them; 64 TiB, as Linux has for vmalloc. */
#define PAGING_WINDOWS	    0xffffc90000000000UL
#define PAGING_WINDOW_BYTES (32UL << 40)

/*
 * Put the level-2 table @pfn in charge of the GiB at @va, on all CPUs; 0 or -ENOMEM. Taking it
 * out flushes every CPU.
 */
int paging_splice(uintptr_t va, unsigned long pfn);
void paging_unsplice(uintptr_t va);

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
