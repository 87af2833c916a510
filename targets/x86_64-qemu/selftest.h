/* SPDX-License-Identifier: GPL-2.0-only */
/* selftest.h - what should end a run, brought about on purpose; and what must not. For tests. */
#ifndef X86_64_QEMU_SELFTEST_H
#define X86_64_QEMU_SELFTEST_H

/* The exit code of @what, if it comes back; 2: there is none of that name. */
int machine_selftest(const char *what);

#endif /* X86_64_QEMU_SELFTEST_H */
