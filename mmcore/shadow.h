/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shadow.h - which bytes of the frames a user may touch, kept byte by byte at check level 2:
 * what KASAN does for Linux, without the compiler. Layers annotate; the tests' accessors ask
 * at each access, so that a stale or missing annotation shows. Below level 2 it costs nothing.
 *
 * The shadow belongs to frames: an address of the window is looked up through the page table,
 * so memory mapped twice has one shadow. Nothing is accessible until somebody says so.
 */
#ifndef MMCORE_SHADOW_H
#define MMCORE_SHADOW_H

#include "platform.h"

struct tri_core;
struct tri_config;

enum shadow {
	SHADOW_NEVER, /* not handed out; what a free frame has */
	SHADOW_OPEN,  /* a user's */
	SHADOW_TAIL,  /* behind the bytes asked for */
	SHADOW_REDZONE,
	SHADOW_FREED,
};

#if TRI_CHECK_LEVEL >= 2
/* Bytes of metadata; the core lays them out. */
size_t shadow_bytes(const struct tri_core *core);
/* @memory: a frame's pointer or an address of the window, any length. */
void shadow_set(struct tri_core *core, const void *memory, unsigned long bytes, enum shadow as);
void shadow_set_pfn(struct tri_core *core, unsigned long pfn, unsigned long frames, enum shadow as);
#else
static inline size_t shadow_bytes(const struct tri_core *core)
{
	(void)core;
	return 0;
}
static inline void shadow_set(struct tri_core *core, const void *memory, unsigned long bytes,
			      enum shadow as)
{
	(void)core, (void)memory, (void)bytes, (void)as;
}
static inline void shadow_set_pfn(struct tri_core *core, unsigned long pfn, unsigned long frames,
				  enum shadow as)
{
	(void)core, (void)pfn, (void)frames, (void)as;
}
#endif

/*
 * The first byte of [memory, memory + bytes) that may not be touched, and why in *why; NULL
 * if all may (always, below level 2).
 */
const void *tri_shadow_fault(struct tri_core *core, const void *memory, unsigned long bytes,
			     const char **why);

#endif /* MMCORE_SHADOW_H */
