/* SPDX-License-Identifier: GPL-2.0-only */
/* plat_types.h - the types platform.h promises, on the bare machine. */
#ifndef X86_64_QEMU_PLAT_TYPES_H
#define X86_64_QEMU_PLAT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Linux's numbers. */
enum {
	ENOENT = 2,
	ENOMEM = 12,
	EFAULT = 14,
	EBUSY = 16,
	EINVAL = 22,
	ERANGE = 34,
};

typedef struct {
	unsigned int held;
} plat_spinlock_t;

typedef struct {
	unsigned int held;
} plat_mutex_t;

/* string.c */
void *memset(void *to, int byte, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);
int memcmp(const void *a, const void *b, size_t size);
int strcmp(const char *a, const char *b);

#endif /* X86_64_QEMU_PLAT_TYPES_H */
