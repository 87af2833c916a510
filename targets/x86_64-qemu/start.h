/* SPDX-License-Identifier: GPL-2.0-only */
/* start.h - what cannot go on while the machine starts: one line, exit code 1. */
#ifndef X86_64_QEMU_START_H
#define X86_64_QEMU_START_H

/* What is wrong and what to do. */
void start_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn, cold));

#endif /* X86_64_QEMU_START_H */
