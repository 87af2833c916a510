/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_hooks.h - what the calls of caches and kmalloc do for tests: notice a caller that must
 * not sleep and says it may, even if an object is at hand, fail where one asked for it (fault.h),
 * and say which bytes are a user's (shadow.h). At check level 0 it is nothing.
 */
#ifndef MMCORE_SLAB_HOOKS_H
#define MMCORE_SLAB_HOOKS_H

#include "core.h"
#include "fault.h"
#include "shadow.h"

/* As Linux's slab_pre_alloc_hook(); what must not fail does not. */
static inline bool slab_fails(struct tri_core *core, tri_gfp_t gfp, unsigned long bytes)
{
	if (gfp & TRI_GFP_DIRECT_RECLAIM)
		plat_might_sleep();
	return !(gfp & TRI_GFP_NOFAIL) && fault_fails(core, TRI_FAULT_SLAB, bytes);
}

/* A user got @object of @held bytes and asked for @asked of them. */
static inline void slab_open(struct tri_core *core, const void *object, unsigned long asked,
			     unsigned long held)
{
	shadow_set(core, object, asked, SHADOW_OPEN);
	if (held > asked)
		shadow_set(core, (const char *)object + asked, held - asked, SHADOW_TAIL);
}

/* It comes back; before anybody else can get it. */
static inline void slab_close(struct tri_core *core, const void *object, unsigned long held)
{
	shadow_set(core, object, held, SHADOW_FREED);
}

#endif /* MMCORE_SLAB_HOOKS_H */
