/* SPDX-License-Identifier: GPL-2.0-only */
/* plat_types.h - the types platform.h promises, in user space. */
#ifndef USER_PLAT_TYPES_H
#define USER_PLAT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Linux's numbers, as literals: mmcore is compiled without libc. */
enum {
	PLAT_ENOENT = 2,
	PLAT_ENOMEM = 12,
	PLAT_EFAULT = 14,
	PLAT_EBUSY = 16,
	PLAT_EINVAL = 22,
	PLAT_ERANGE = 34,
};
#ifndef ENOMEM
#define ENOENT PLAT_ENOENT
#define ENOMEM PLAT_ENOMEM
#define EFAULT PLAT_EFAULT
#define EBUSY  PLAT_EBUSY
#define EINVAL PLAT_EINVAL
#define ERANGE PLAT_ERANGE
#endif

typedef struct {
	unsigned int held;
} plat_spinlock_t;

/* Room for a pthread_mutex_t, which mmcore must not see; plat.c asserts the size. */
typedef struct {
	uint64_t opaque[5];
} plat_mutex_t;

void *memset(void *to, int byte, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);
int memcmp(const void *a, const void *b, size_t size);
int strcmp(const char *a, const char *b);

#endif /* USER_PLAT_TYPES_H */
