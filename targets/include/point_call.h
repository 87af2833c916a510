/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * point_call.h - call what is told of a point, from a path that is measured. A call that the
 * compiler knew of would cost the path registers even where nobody listens: what lives across it
 * would have to be saved first, and its arguments moved, by instructions that are always executed.
 * This one takes its arguments from wherever they are, by the stack, and changes no register, as
 * POINT_KEEPS makes its function do, and no memory of the path's: so the path has the test for
 * listeners and nothing else.
 *
 * A target defines POINT_STEP, an instruction that steps over what functions keep below the stack
 * pointer, POINT_TELL(name), which calls, and may push %[id], the point's number, before, and
 * POINT_BACK, "+" and by how much both have moved the stack pointer; and POINT_CLOBBERS: what
 * POINT_KEEPS does not keep. What is called takes POINT_SKIPPED and then what was pushed.
 */
#ifndef POINT_CALL_H
#define POINT_CALL_H

/* The stack may be aligned to 8 only. */
#define POINT_KEEPS                                                                        \
	__attribute__((no_caller_saved_registers, target("general-regs-only"), used, cold, \
		       force_align_arg_pointer))

/* What would be in registers; what comes after these six is on the stack. */
#define POINT_SKIPPED \
	unsigned long, unsigned long, unsigned long, unsigned long, unsigned long, unsigned long

/* Is *@at, of the size that suffix @s says, not 0? A comparison with memory, and a branch. */
#define POINT_TESTED(s, at)                                                                        \
	({                                                                                         \
		__label__ listened;                                                                \
		bool is = false;                                                                   \
		__asm__ goto("cmp" s " $0, %0\n\tjne %l[listened]" : : "m"(at) : "cc" : listened); \
		if (0) {                                                                           \
		listened:                                                                          \
			is = true;                                                                 \
		}                                                                                  \
		is;                                                                                \
	})

#define POINT_ASM(name, pushes, bytes, ...)                                                        \
	__asm__ __inline__ volatile(POINT_STEP pushes POINT_TELL(name) "\n\tlea " bytes POINT_BACK \
								       "(%%rsp), %%rsp"            \
				    :                                                              \
				    : [id] "i"(TRI_POINT_##name), __VA_ARGS__                      \
				    : "cc" POINT_CLOBBERS)

#define POINT1(name, about, t1, f1)                                                           \
	static inline __attribute__((always_inline)) void plat_trace_##name(unsigned long f1) \
	{                                                                                     \
		POINT_ASM(name, "push %[a1]\n\t", "8", [a1] "er"(f1));                        \
	}
#define POINT2(name, about, t1, f1, t2, f2)                                                   \
	static inline __attribute__((always_inline)) void plat_trace_##name(unsigned long f1, \
									    unsigned long f2) \
	{                                                                                     \
		POINT_ASM(name,                                                               \
			  "push %[a2]\n\t"                                                    \
			  "push %[a1]\n\t",                                                   \
			  "16", [a1] "er"(f1), [a2] "er"(f2));                                \
	}
#define POINT3(name, about, t1, f1, t2, f2, t3, f3)                           \
	static inline __attribute__((always_inline)) void plat_trace_##name(  \
		unsigned long f1, unsigned long f2, unsigned long f3)         \
	{                                                                     \
		POINT_ASM(name,                                               \
			  "push %[a3]\n\t"                                    \
			  "push %[a2]\n\t"                                    \
			  "push %[a1]\n\t",                                   \
			  "24", [a1] "er"(f1), [a2] "er"(f2), [a3] "er"(f3)); \
	}
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4)                                  \
	static inline __attribute__((always_inline)) void plat_trace_##name(                 \
		unsigned long f1, unsigned long f2, unsigned long f3, unsigned long f4)      \
	{                                                                                    \
		POINT_ASM(name,                                                              \
			  "push %[a4]\n\t"                                                   \
			  "push %[a3]\n\t"                                                   \
			  "push %[a2]\n\t"                                                   \
			  "push %[a1]\n\t",                                                  \
			  "32", [a1] "er"(f1), [a2] "er"(f2), [a3] "er"(f3), [a4] "er"(f4)); \
	}
#include "events.def"

#endif /* POINT_CALL_H */
