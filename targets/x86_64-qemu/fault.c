/* SPDX-License-Identifier: GPL-2.0-only */
/* fault.c - a fault in a window, told in mmcore's terms: which area, and what became of it. */
#include "machine.h"
#include "window.h"

#define PAGES(start, end) (((end) - (start)) >> TRI_PAGE_SHIFT)

/* mmcore knows no area here, or can't be asked. */
static void explain_free(const struct window *window, uintptr_t addr)
{
	uintptr_t start, end;

	if (window_unmapped(addr, &start, &end))
		words_printf("use after flush: address 0x%lx is %lu bytes into the freed area "
			     "[0x%lx, 0x%lx), %lu pages; its translation was flushed",
			     addr, addr - start, start, end, PAGES(start, end));
	else
		words_printf("not mapped: address 0x%lx of the window [0x%lx, 0x%lx)", addr,
			     window->start, window->end);
}

static void explain_area(uintptr_t addr, const struct tri_area_info *area)
{
	uintptr_t mapped_end = area->end - TRI_PAGE_SIZE;

	switch (area->where) {
	case TRI_GUARD:
		words_printf("overrun: address 0x%lx is in the guard page behind [0x%lx, 0x%lx), "
			     "%lu bytes",
			     addr, area->start, mapped_end, area->requested);
		break;
	case TRI_WAITING:
		words_printf("use after free: address 0x%lx is %lu bytes into the freed area "
			     "[0x%lx, 0x%lx), %lu pages; it waits for its flush",
			     addr, addr - area->start, area->start, mapped_end,
			     PAGES(area->start, mapped_end));
		break;
	default:
		words_printf("address 0x%lx is %lu bytes into the live area [0x%lx, 0x%lx), %lu "
			     "bytes: its entry is not as it should be",
			     addr, addr - area->start, area->start, mapped_end, area->requested);
	}
}

bool fault_explain(uintptr_t addr, bool pinned)
{
	/* A fault of what explains a fault must not be explained. */
	static bool explaining;
	const struct window *window = window_find(addr);
	struct tri_area_info area = {.where = TRI_FREE};

	if (!window || __atomic_exchange_n(&explaining, true, __ATOMIC_RELAXED))
		return false;
	if (!pinned)
		tri_area_find(window->core, addr, &area);
	if (area.where == TRI_FREE || area.where == TRI_OUTSIDE)
		explain_free(window, addr);
	else
		explain_area(addr, &area);
	return true;
}
