/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * machine.h - from power-on to the first line of C that concerns memory managers, and the end.
 *
 * Order: boot.S (PVH, 64-bit mode), machine_start(): console, descriptors, memory, paging,
 * APIC, clock, other CPUs; then kernel_main() (main.c), on CPU 0 with interrupts on.
 */
#ifndef X86_64_QEMU_MACHINE_H
#define X86_64_QEMU_MACHINE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

struct channel;

/* What the boot protocol brought: the command line, never NULL. */
const char *machine_command_line(void);
/* The channel, or NULL: nobody shares it. */
struct channel *machine_channel(void);
/* Ticks per second of the time stamp counter, calibrated at start (1e9 under icount). */
uint64_t machine_tick_hz(void);

/* --- main.c --- */
/* Runs the words of the command line; the exit code. */
int kernel_main(void);

/* --- words.c: one line each, to the channel's log or the debug console; any state --- */
void words_line(char kind, const char *line, unsigned long length);
void words_say(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));
void words_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* --- The end: other CPUs stopped, QEMU told; never returns --- */
void machine_exit(unsigned int code) __attribute__((noreturn));
/* "file:line: why", the registers' and stack's story, code 1. From any state, on any CPU. */
void machine_die(const char *file, int line, const char *why) __attribute__((noreturn, cold));

/*
 * --- fault.c: which area a faulting address belongs to, or belonged to; false: not a window.
 * @pinned: interrupts were off, so the CPU may hold the locks that looking takes ---
 */
bool fault_explain(uintptr_t addr, bool pinned);

#endif /* X86_64_QEMU_MACHINE_H */
