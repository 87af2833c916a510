/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * versions.h - where Linux's interfaces differ between the kernels this module is built for, each
 * with the change that made the difference. Nothing else here looks at a kernel's version.
 */
#ifndef LINUX_MODULE_VERSIONS_H
#define LINUX_MODULE_VERSIONS_H

#include <linux/mmzone.h>

/*
 * The largest block alloc_pages() has, as an order. MAX_ORDER was one more until 6.4 (23baf831a32c,
 * "mm, treewide: redefine MAX_ORDER sanely"); 6.8 renamed it (5e0a760b4441).
 */
#ifdef MAX_PAGE_ORDER
#define VERSIONS_MAX_ORDER MAX_PAGE_ORDER
#else
#include <linux/version.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define VERSIONS_MAX_ORDER MAX_ORDER
#else
#define VERSIONS_MAX_ORDER (MAX_ORDER - 1)
#endif
#endif

#endif /* LINUX_MODULE_VERSIONS_H */
