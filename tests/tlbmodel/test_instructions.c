/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_instructions.c - which instructions are recognised, by bytes as an assembler makes them
 * (Intel SDM 2), and which that look alike are not.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "instrument.h"

#define IS(instruction, ...)                                                    \
	do {                                                                    \
		const uint8_t bytes[] = {__VA_ARGS__};                          \
		unsigned int number = 0;                                        \
                                                                                \
		assert_int_equal(instruction_is(bytes, sizeof(bytes), &number), \
				 INSTRUCTION_##instruction);                    \
	} while (0)

static void marks(void **state)
{
	const uint8_t mark_7[] = {0x0f, 0x1f, 0x84, 0x00, 7, 0xc0, 0x17, 0x5a};
	unsigned int mark = 0;

	(void)state;
	assert_int_equal(instruction_is(mark_7, sizeof(mark_7), &mark), INSTRUCTION_MARK);
	assert_int_equal(mark, 7);
	/* The NOP that compilers pad with; one of nine bytes; another signature. */
	IS(OTHER, 0x0f, 0x1f, 0x84, 0x00, 0, 0, 0, 0);
	IS(OTHER, 0x66, 0x0f, 0x1f, 0x84, 0x00, 7, 0xc0, 0x17, 0x5a);
	IS(OTHER, 0x0f, 0x1f, 0x84, 0x00, 7, 0xc0, 0x17, 0x5b);
}

static void flushes(void **state)
{
	(void)state;
	IS(INVLPG, 0x0f, 0x01, 0x38);			      /* (%rax) */
	IS(INVLPG, 0x41, 0x0f, 0x01, 0x3b);		      /* (%r11) */
	IS(INVLPG, 0x0f, 0x01, 0x7d, 0x08);		      /* 8(%rbp) */
	IS(INVLPG, 0x65, 0x0f, 0x01, 0x3c, 0x25, 0, 0, 0, 0); /* %gs:0 */
	IS(OTHER, 0x0f, 0x01, 0xf8);			      /* swapgs */
	IS(OTHER, 0x0f, 0x01, 0xf9);			      /* rdtscp */
	IS(OTHER, 0x0f, 0x01, 0x10);			      /* lgdt (%rax) */
	IS(OTHER, 0x0f, 0x01, 0x30);			      /* lmsw (%rax) */
	IS(INVPCID, 0x66, 0x0f, 0x38, 0x82, 0x08);	      /* (%rax), %rcx */
	IS(INVPCID, 0x66, 0x44, 0x0f, 0x38, 0x82, 0x08);      /* (%rax), %r9 */
	IS(OTHER, 0x66, 0x0f, 0x38, 0x80, 0x08);	      /* invept */
	IS(OTHER, 0x0f, 0x38, 0x82, 0x08);
}

static void control_registers(void **state)
{
	(void)state;
	IS(CR3, 0x0f, 0x22, 0xd8);	   /* %rax */
	IS(CR3, 0x41, 0x0f, 0x22, 0xd8);   /* %r8 */
	IS(CR4, 0x0f, 0x22, 0xe1);	   /* %rcx */
	IS(OTHER, 0x0f, 0x20, 0xd8);	   /* from it */
	IS(OTHER, 0x0f, 0x22, 0xc0);	   /* cr0 */
	IS(OTHER, 0x44, 0x0f, 0x22, 0xc0); /* cr8 */
	IS(OTHER, 0x0f, 0x23, 0xd8);	   /* dr3 */
}

static void locked(void **state)
{
	(void)state;
	IS(LOCKED, 0xf0, 0x48, 0x83, 0x00, 0x01); /* lock addq $1, (%rax) */
	IS(LOCKED, 0xf0, 0x48, 0x0f, 0xc7, 0x0f); /* lock cmpxchg16b (%rdi) */
	IS(LOCKED, 0x66, 0xf0, 0x0f, 0xb1, 0x0f); /* lock cmpxchg %cx, (%rdi) */
	IS(LOCKED, 0x48, 0x87, 0x07);		  /* xchg %rax, (%rdi) */
	IS(LOCKED, 0x86, 0x07);			  /* xchg %al, (%rdi) */
	IS(OTHER, 0x48, 0x87, 0xc7);		  /* xchg %rax, %rdi */
	IS(OTHER, 0x48, 0x83, 0x00, 0x01);	  /* addq $1, (%rax) */
	IS(OTHER, 0x90);
	IS(OTHER, 0x0f, 0x05); /* syscall */
}

static void returns_from_interrupts(void **state)
{
	(void)state;
	IS(IRET, 0x48, 0xcf);	     /* iretq */
	IS(IRET, 0xcf);		     /* iretl */
	IS(OTHER, 0xc3);	     /* ret */
	IS(OTHER, 0x48, 0xcb);	     /* lretq */
	IS(OTHER, 0x48, 0x89, 0xcf); /* mov %rcx, %rdi */
}

static void repeated(void **state)
{
	(void)state;
	IS(REPEATED, 0xf3, 0xaa);	   /* rep stosb */
	IS(REPEATED, 0xf3, 0x48, 0xab);	   /* rep stosq */
	IS(REPEATED, 0x66, 0xf3, 0xa5);	   /* rep movsw */
	IS(REPEATED, 0xf2, 0xae);	   /* repne scasb */
	IS(REPEATED, 0xf3, 0x6e);	   /* rep outsb */
	IS(OTHER, 0x48, 0xab);		   /* stosq */
	IS(OTHER, 0xf3, 0x90);		   /* pause */
	IS(OTHER, 0xf3, 0xc3);		   /* rep ret */
	IS(OTHER, 0xf3, 0x0f, 0x10, 0x07); /* movss (%rdi), %xmm0 */
	IS(OTHER, 0xf3, 0xa8, 0x01);	   /* test $1, %al */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks),
		cmocka_unit_test(flushes),
		cmocka_unit_test(control_registers),
		cmocka_unit_test(locked),
		cmocka_unit_test(returns_from_interrupts),
		cmocka_unit_test(repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
