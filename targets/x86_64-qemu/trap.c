/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trap.c - every exception ends the run as failed, told in full: the first CPU that gets here
 * reports, others halt; what goes wrong in a report makes it short.
 */
#include "trap.h"

#include "backtrace.h"
#include "cpu.h"
#include "cpu_start.h"
#include "machine.h"
#include "port.h"
#include "stacks.h"

enum { NMI = 2, DOUBLE_FAULT = 8, PAGE_FAULT = 14, NAMED = 32 };

/* Intel SDM volume 3, table 6-1; AMD APM volume 2, table 8-1. */
static const char *const names[NAMED] = {
	"divide error",
	"debug",
	"non-maskable interrupt",
	"breakpoint",
	"overflow",
	"bound range exceeded",
	"invalid opcode",
	"no floating point allowed",
	"double fault",
	"coprocessor segment overrun",
	"invalid TSS",
	"segment not present",
	"stack segment fault",
	"general protection",
	"page fault",
	NULL,
	"x87 error",
	"alignment check",
	"machine check",
	"SIMD error",
	"virtualization exception",
	"control protection",
	[28] = "hypervisor injection",
	"VMM communication",
	"security exception",
};

/* 1 + the number of the CPU that reports. */
static unsigned int reporter;

static const char *name_of(uint64_t vector)
{
	if (vector >= NAMED)
		return "unexpected interrupt";
	return names[vector] ? names[vector] : "reserved";
}

/* Only one CPU comes back from here; and if it comes again, with true. */
static bool report_is_nested(void)
{
	unsigned int none = 0, me = cpu_this()->number + 1;

	if (__atomic_compare_exchange_n(&reporter, &none, me, false, __ATOMIC_SEQ_CST,
					__ATOMIC_SEQ_CST))
		return false;
	while (none != me)
		cpu_halt();
	return true;
}

static void say_page_fault(const struct trap_frame *frame)
{
	uint64_t cr2 = cr2_read();

	words_printf("  %s of address 0x%lx, %s",
		     frame->error & 16	? "execution"
		     : frame->error & 2 ? "write"
					: "read",
		     cr2, frame->error & 1 ? "which is mapped but protected" : "not mapped");
	if (!fault_explain(cr2, !irq_were_on(frame->rflags)) && cr2 < 4096)
		words_printf("  a NULL pointer, most likely");
}

static void say_registers(const struct trap_frame *frame)
{
	words_printf("  rax %lx rbx %lx rcx %lx rdx %lx", frame->rax, frame->rbx, frame->rcx,
		     frame->rdx);
	words_printf("  rsi %lx rdi %lx rbp %lx rsp %lx", frame->rsi, frame->rdi, frame->rbp,
		     frame->rsp);
	words_printf("  r8 %lx r9 %lx r10 %lx r11 %lx", frame->r8, frame->r9, frame->r10,
		     frame->r11);
	words_printf("  r12 %lx r13 %lx r14 %lx r15 %lx", frame->r12, frame->r13, frame->r14,
		     frame->r15);
	words_printf("  rip %lx rflags %lx cr2 %lx cr3 %lx cr4 %lx", frame->rip, frame->rflags,
		     cr2_read(), cr3_read(), cr4_read());
}

void trap(const struct trap_frame *frame)
{
	unsigned int cpu = cpu_this()->number;

	if (frame->vector == NMI && cpu_stopped_by_nmi())
		return;
	if (report_is_nested()) {
		words_printf("CPU %u: %s at rip 0x%lx while reporting another", cpu,
			     name_of(frame->vector), frame->rip);
		machine_exit(1);
	}
	words_printf("CPU %u: %s (vector %lu, error code 0x%lx)", cpu, name_of(frame->vector),
		     frame->vector, frame->error);
	if (frame->vector == DOUBLE_FAULT && stack_overflown(cr2_read(), cpu))
		words_printf("  stack overflow of CPU %u: 0x%lx is in the guard page", cpu,
			     cr2_read());
	if (frame->vector == PAGE_FAULT)
		say_page_fault(frame);
	say_registers(frame);
	backtrace_say(frame->rip, frame->rsp, frame->rbp);
	machine_exit(1);
}

void machine_die(const char *file, int line, const char *why)
{
	irq_save();
	if (report_is_nested()) {
		words_printf("%s:%d: %s, while reporting another", file, line, why);
		machine_exit(1);
	}
	words_printf("%s:%d: %s (CPU %u)", file, line, why, cpu_this()->number);
	backtrace_say((uintptr_t)__builtin_return_address(0), 0,
		      *(uintptr_t *)__builtin_frame_address(0));
	machine_exit(1);
}
