/* SPDX-License-Identifier: GPL-2.0-only */
/* selftest_flush.h - no CPU may use an old translation after a flush. For tests. */
#ifndef X86_64_QEMU_SELFTEST_FLUSH_H
#define X86_64_QEMU_SELFTEST_FLUSH_H

/* A line for each kind of flush; 1: an old translation was used after it. */
int selftest_flush(void);

#endif /* X86_64_QEMU_SELFTEST_FLUSH_H */
