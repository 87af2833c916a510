/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark_x86.h - PLAT_MARK() on x86: an eight-byte NOP that carries a number. On hardware it costs
 * a NOP's decoding; a plugin recognises its bytes when the code around it is translated.
 */
#ifndef TARGETS_MARK_X86_H
#define TARGETS_MARK_X86_H

/* nopl disp32(%rax,%rax,1) with disp32 = 0x5a17c0NN (Intel SDM, NOP): NN, byte 4, is the mark. */
#define MARK_X86_LENGTH 8
#define MARK_X86_NUMBER 4

#define PLAT_MARK(id)                                                          \
	__asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0x00, %c0, 0xc0, 0x17, 0x5a" \
			 :                                                     \
			 : "i"(id)                                             \
			 : "memory")

#endif /* TARGETS_MARK_X86_H */
