/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * layout.h - numbers that assembly, linker script and C must agree on: where the image lies,
 * selectors, vectors, stacks.
 */
#ifndef X86_64_QEMU_LAYOUT_H
#define X86_64_QEMU_LAYOUT_H

/*
 * The image is linked at LAYOUT_BASE + physical, as Linux's is (-mcmodel=kernel: the top 2 GiB).
 * Text has one 2 MiB page to itself, so that it takes one entry of a TLB; data follows in 4 KiB
 * pages, which can be protected one by one.
 */
#define LAYOUT_BASE 0xffffffff80000000
#define LAYOUT_TEXT 0x200000
#define LAYOUT_DATA 0x400000
#define LAYOUT_END  0x600000 /* CHANNEL_LOG */
/* Real-mode code of other CPUs: a page below 640 KiB whose number is the SIPI vector. */
#define LAYOUT_TRAMPOLINE 0x8000
/* Slots of the level-4 table: MEMORY_BASE, LAYOUT_BASE; of its level-3 table: LAYOUT_BASE. */
#define LAYOUT_SLOT_MEMORY 273
#define LAYOUT_SLOT_IMAGE  511
#define LAYOUT_SLOT3_IMAGE 510

#define LAYOUT_CODE    0x08
#define LAYOUT_DATASEG 0x10
#define LAYOUT_CODE32  0x18
#define LAYOUT_TSS     0x20 /* of CPU 0; 16 bytes each */

#define LAYOUT_VECTOR_IPI      0xf0
#define LAYOUT_VECTOR_SPURIOUS 0xff /* low four bits set: some APICs hardwire them */

#define LAYOUT_BOOT_STACK 16384

#endif /* X86_64_QEMU_LAYOUT_H */
