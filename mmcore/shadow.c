/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shadow.c - the shadow bytes and who asks for them. One byte a byte, so that any layout of
 * objects can be told; only what was once annotated costs memory. KASAN packs eight bytes into
 * one (Documentation/dev-tools/kasan.rst), which needs objects aligned to eight.
 *
 * No lock: who annotates owns the memory.
 */
#include "core.h"

#if TRI_CHECK_LEVEL >= 2
size_t shadow_bytes(const struct tri_core *core)
{
	return core->frames.sections * SECTION_FRAMES << TRI_PAGE_SHIFT;
}

/* The shadow of a frame's first byte; that of an absent frame is never set. */
static uint8_t *of_pfn(struct tri_core *core, unsigned long pfn)
{
	unsigned long index = (unsigned long)(frame_find(&core->frames, pfn) - core->frames.frame);

	return core->shadow + (index << TRI_PAGE_SHIFT);
}

/* Of the byte at @addr, be it of the window or of a frame; NULL: there is no frame. */
static uint8_t *of_address(struct tri_core *core, uintptr_t addr)
{
	bool mapped = addr >= core->window_start && addr < core->window_end;
	unsigned long pfn =
		mapped ? pagetable_lookup(core, addr) : plat_ptr_to_pfn((const void *)addr);

	if (pfn == TRI_PFN_NONE ||
	    frame_kind(frame_find(&core->frames, pfn)) == FRAME_KIND(FRAME_ABSENT, 0))
		return NULL;
	return of_pfn(core, pfn) + addr % TRI_PAGE_SIZE;
}

static unsigned long rest_of_page(uintptr_t addr, unsigned long bytes)
{
	unsigned long rest = TRI_PAGE_SIZE - addr % TRI_PAGE_SIZE;

	return bytes < rest ? bytes : rest;
}

void shadow_set(struct tri_core *core, const void *memory, unsigned long bytes, enum shadow as)
{
	uintptr_t at = (uintptr_t)memory;

	for (unsigned long n; bytes; at += n, bytes -= n) {
		uint8_t *shadow = of_address(core, at);

		TRI_ASSERT(shadow);
		n = rest_of_page(at, bytes);
		memset(shadow, (int)as, n);
	}
}

void shadow_set_pfn(struct tri_core *core, unsigned long pfn, unsigned long frames, enum shadow as)
{
	memset(of_pfn(core, pfn), (int)as, frames << TRI_PAGE_SHIFT);
}

/* All bytes from @addr to the end of its page, @bytes of them, are open, or which is not. */
static const void *fault_in_page(struct tri_core *core, uintptr_t addr, unsigned long bytes,
				 const char **why)
{
	static const char *const text[] = {
		[SHADOW_NEVER] = "was not handed out",
		[SHADOW_TAIL] = "lies behind the bytes asked for",
		[SHADOW_REDZONE] = "lies in a red zone",
		[SHADOW_FREED] = "was freed",
	};
	const uint8_t *shadow = of_address(core, addr);

	if (!shadow) {
		*why = "has no frame of this core";
		return (const void *)addr;
	}
	for (unsigned long i = 0; i < bytes; i++) {
		if (shadow[i] != SHADOW_OPEN) {
			*why = text[shadow[i]];
			return (const void *)(addr + i);
		}
	}
	return NULL;
}

const void *tri_shadow_fault(struct tri_core *core, const void *memory, unsigned long bytes,
			     const char **why)
{
	uintptr_t at = (uintptr_t)memory;
	const void *fault = NULL;

	for (unsigned long n; bytes && !fault; at += n, bytes -= n) {
		n = rest_of_page(at, bytes);
		fault = fault_in_page(core, at, n, why);
	}
	return fault;
}
#else
const void *tri_shadow_fault(struct tri_core *core, const void *memory, unsigned long bytes,
			     const char **why)
{
	(void)core, (void)memory, (void)bytes, (void)why;
	return NULL;
}
#endif
