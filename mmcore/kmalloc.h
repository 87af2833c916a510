/* SPDX-License-Identifier: GPL-2.0-only */
/* kmalloc.h - the caches behind kmalloc, for the core. See tri_kmalloc.h. */
#ifndef MMCORE_KMALLOC_H
#define MMCORE_KMALLOC_H

#include "slab.h"

/* Make the caches, in core->slab.boot; takes no frames. */
void kmalloc_init(struct tri_core *core);

#endif /* MMCORE_KMALLOC_H */
