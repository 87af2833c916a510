/* SPDX-License-Identifier: GPL-2.0-only */
/* selftest_vmalloc.h - mistakes with vmalloc addresses, made on purpose. */
#ifndef X86_64_QEMU_SELFTEST_VMALLOC_H
#define X86_64_QEMU_SELFTEST_VMALLOC_H

/*
 * Read an area that was freed, "lazy": before its flush, "purged": after it, or
 * "purged-elsewhere": the same on the last CPU, which read it before, too. Exit code.
 */
int selftest_use_after_free(const char *when);

#endif /* X86_64_QEMU_SELFTEST_VMALLOC_H */
