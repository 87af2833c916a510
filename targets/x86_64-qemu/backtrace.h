/* SPDX-License-Identifier: GPL-2.0-only */
/* backtrace.h - which functions led here. */
#ifndef X86_64_QEMU_BACKTRACE_H
#define X86_64_QEMU_BACKTRACE_H

#include <stdint.h>

/*
 * A line for each caller of @rip, by the chain of frames from @rbp on, which may be garbage. If
 * @rip is no address of ours or a function's first, what @rsp points at called it.
 */
void backtrace_say(uintptr_t rip, uintptr_t rsp, uintptr_t rbp);

#endif /* X86_64_QEMU_BACKTRACE_H */
