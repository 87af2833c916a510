/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plat_types.h - the types platform.h promises, inside Linux. Its headers are taken in sparingly:
 * mmcore has names, ZONE_DMA the first of them, that Linux's memory management has too.
 */
#ifndef LINUX_MODULE_PLAT_TYPES_H
#define LINUX_MODULE_PLAT_TYPES_H

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

typedef struct {
	unsigned int held;
} plat_spinlock_t;

/* Room for a struct mutex, which mmcore must not see; plat.c asserts the size. */
typedef struct {
	unsigned long opaque[4];
} plat_mutex_t;

#endif /* LINUX_MODULE_PLAT_TYPES_H */
