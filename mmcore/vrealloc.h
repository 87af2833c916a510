/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vrealloc.h - how is an area resized? A policy; each answer is a file vrealloc_<answer>.c
 * with the function below and a line in policies.def.
 */
#ifndef MMCORE_VREALLOC_H
#define MMCORE_VREALLOC_H

#include "areas.h"

/*
 * Make room for @size bytes, and no more than needed, in @area, live and the caller's. 0: done
 * where it is, its size and contents are the caller's to set. -ENOMEM: nothing has changed.
 */
#define POLICY_vrealloc(answer, text, about) \
	int vrealloc_##answer(struct tri_core *core, struct area *area, unsigned long size);
#include "policies.def"

#endif /* MMCORE_VREALLOC_H */
