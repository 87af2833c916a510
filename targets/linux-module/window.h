/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * window.h - addresses only mmcore maps into: PUD slots of Linux's own tables, reserved by an
 * ioremap() of physical addresses that back nothing, point to a core's level-2 tables while its
 * window is open (DESIGN.md section 6).
 */
#ifndef LINUX_MODULE_WINDOW_H
#define LINUX_MODULE_WINDOW_H

#include "tri.h"

#define WINDOWS 8 /* as many cores at once; each takes address space while open, no memory */

/* Address space of @bytes, a multiple of 2 MiB, from a multiple of 1 GiB on; 0: there is none. */
uintptr_t window_reserve(size_t bytes);
/* Put @core's level-2 tables where the reservation's entries are, which are kept. 0 or -errno. */
int window_open(struct tri_core *core, uintptr_t start, size_t bytes);
/* Restore the entries, then flush on all CPUs: after it no CPU walks a table of mmcore's. */
void window_close(uintptr_t start, size_t bytes);
void window_release(uintptr_t start, size_t bytes);

#endif /* LINUX_MODULE_WINDOW_H */
