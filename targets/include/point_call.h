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
 * pointer, and POINT_BACK, "+" and how far, both empty where they keep nothing; POINT_CLOBBERS:
 * what POINT_KEEPS does not keep; and trimm_point_NAME(POINT_SKIPPED, field, ...), which is what is
 * called.
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

#define POINT1(name, about, t1, f1)                                                            \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1) POINT_KEEPS;                     \
	static inline __attribute__((always_inline)) void plat_trace_##name(unsigned long f1)  \
	{                                                                                      \
		__asm__ __inline__ volatile(POINT_STEP "push %0\n\t"                           \
						       "call trimm_point_" #name               \
						       "\n\tlea 8" POINT_BACK "(%%rsp), %%rsp" \
					    :                                                  \
					    : "er"(f1)                                         \
					    : "cc" POINT_CLOBBERS);                            \
	}
#define POINT2(name, about, t1, f1, t2, f2)                                                     \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1, point_##t2 f2) POINT_KEEPS;       \
	static inline __attribute__((always_inline)) void plat_trace_##name(unsigned long f1,   \
									    unsigned long f2)   \
	{                                                                                       \
		__asm__ __inline__ volatile(POINT_STEP "push %1\n\t"                            \
						       "push %0\n\t"                            \
						       "call trimm_point_" #name                \
						       "\n\tlea 16" POINT_BACK "(%%rsp), %%rsp" \
					    :                                                   \
					    : "er"(f1), "er"(f2)                                \
					    : "cc" POINT_CLOBBERS);                             \
	}
#define POINT3(name, about, t1, f1, t2, f2, t3, f3)                                             \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1, point_##t2 f2, point_##t3 f3)     \
		POINT_KEEPS;                                                                    \
	static inline __attribute__((always_inline)) void plat_trace_##name(                    \
		unsigned long f1, unsigned long f2, unsigned long f3)                           \
	{                                                                                       \
		__asm__ __inline__ volatile(POINT_STEP "push %2\n\t"                            \
						       "push %1\n\t"                            \
						       "push %0\n\t"                            \
						       "call trimm_point_" #name                \
						       "\n\tlea 24" POINT_BACK "(%%rsp), %%rsp" \
					    :                                                   \
					    : "er"(f1), "er"(f2), "er"(f3)                      \
					    : "cc" POINT_CLOBBERS);                             \
	}
#define POINT4(name, about, t1, f1, t2, f2, t3, f3, t4, f4)                                     \
	void trimm_point_##name(POINT_SKIPPED, point_##t1 f1, point_##t2 f2, point_##t3 f3,     \
				point_##t4 f4) POINT_KEEPS;                                     \
	static inline __attribute__((always_inline)) void plat_trace_##name(                    \
		unsigned long f1, unsigned long f2, unsigned long f3, unsigned long f4)         \
	{                                                                                       \
		__asm__ __inline__ volatile(POINT_STEP "push %3\n\t"                            \
						       "push %2\n\t"                            \
						       "push %1\n\t"                            \
						       "push %0\n\t"                            \
						       "call trimm_point_" #name                \
						       "\n\tlea 32" POINT_BACK "(%%rsp), %%rsp" \
					    :                                                   \
					    : "er"(f1), "er"(f2), "er"(f3), "er"(f4)            \
					    : "cc" POINT_CLOBBERS);                             \
	}
#include "events.def"

#endif /* POINT_CALL_H */
