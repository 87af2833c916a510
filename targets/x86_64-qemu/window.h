/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * window.h - the addresses mmcore maps into: slots of one size, so that an address tells which
 * core it is of, and a case finds its pages in the same sets of a TLB whatever the arm.
 */
#ifndef X86_64_QEMU_WINDOW_H
#define X86_64_QEMU_WINDOW_H

#include "paging.h"

#define WINDOW_BYTES_MAX (1UL << 40)
#define WINDOWS		 (PAGING_WINDOW_BYTES / WINDOW_BYTES_MAX)

/* Where the window of slot @index begins. */
static inline uintptr_t window_start(unsigned int index)
{
	return PAGING_WINDOWS + index * WINDOW_BYTES_MAX;
}

/*
 * Let the CPUs see what @core, just made, maps into [start, end), its window. Closing comes
 * before tri_core_exit(), which frees the tables.
 */
void window_open(struct tri_core *core, uintptr_t start, uintptr_t end);
void window_close(uintptr_t start, uintptr_t end);

/* --- For fault.c: any state --- */
/* False if @addr is of no window now open. */
struct window {
	struct tri_core *core; /* NULL: the slot is not in use */
	uintptr_t start, end;
};
const struct window *window_find(uintptr_t addr);
/* What was unmapped last around @addr, as far as it is remembered. */
bool window_unmapped(uintptr_t addr, uintptr_t *start, uintptr_t *end);

#endif /* X86_64_QEMU_WINDOW_H */
