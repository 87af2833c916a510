/* SPDX-License-Identifier: GPL-2.0-only */
/* vmap.h - areas that map frames of their caller. See vmap.c. */
#ifndef MMCORE_VMAP_H
#define MMCORE_VMAP_H

#include "areas.h"

/* A new area of @kind that maps @n frames, or NULL. May sleep. */
void *vmap_area(struct tri_core *core, const unsigned long *pfns, unsigned long n,
		enum tri_area_kind kind);
/* At check level 1: somebody has the frames, so they are nobody else's while mapped. */
void vmap_assert_in_use(const struct tri_core *core, const unsigned long *pfns, unsigned long n);
/* Clear the entries of @area, of areas_retire(); its addresses go to the flush policy. */
void vunmap_area(struct tri_core *core, struct area *area);

#endif /* MMCORE_VMAP_H */
