/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * window_exact.c - host=exact: a page of the window is mapped when its entry is stored, is
 * stale, still mapped, once the entry is cleared, and faults after the flush.
 *
 * Stale mappings are dropped by mapping PROT_NONE over them, from the first to the last one
 * between two live pages: a single call, whose result the kernel can merge with what was
 * never mapped. That keeps the number of mappings, which is limited, near that of live areas.
 *
 * One lock serialises all windows: a flush must not drop what is being mapped beside it.
 */
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

#include "arena.h"
#include "calls.h"
#include "host.h"
#include "spare.h"
#include "window.h"

enum state { NEVER, LIVE, STALE, FLUSHED };

/* Of a flushed page: the area it was last part of, in page numbers of the window. */
struct exact_page {
	uint32_t area;
	uint32_t area_pages : 30;
	uint32_t state : 2;
};

/* x86-64 entries: the frame number is in bits 12 to 51. An absent entry is 0. */
#define ENTRY_PFN(entry) (((entry) & ((1ULL << 52) - 1)) >> TRI_PAGE_SHIFT)

static pthread_mutex_t exact_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned int nr_exact;

static size_t table_bytes(const struct window *window)
{
	return ((window->end - window->start) >> TRI_PAGE_SHIFT) * sizeof(struct exact_page);
}

static uintptr_t page_va(const struct window *window, size_t page)
{
	return window->start + (page << TRI_PAGE_SHIFT);
}

int exact_open(struct window *window)
{
	void *pages = mmap(NULL, table_bytes(window), PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (pages == MAP_FAILED)
		return -ENOMEM;
	if (!spare_hold()) {
		munmap(pages, table_bytes(window));
		return -ENOMEM;
	}
	window->pages = pages;
	window->used_start = SIZE_MAX;
	nr_exact++;
	return 0;
}

void exact_close(struct window *window)
{
	munmap(window->pages, table_bytes(window));
	if (!--nr_exact)
		spare_give_up();
}

static bool map_none(uintptr_t va, size_t bytes)
{
	uint64_t begin = call_begin();
	void *at = mmap((void *)va, bytes, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);

	call_end(begin);
	return at != MAP_FAILED;
}

/* Back to plain reserved address space; cannot fail, at the price of the spare mappings. */
static void drop(uintptr_t va, size_t bytes)
{
	if (map_none(va, bytes))
		return;
	spare_give_up();
	if (!map_none(va, bytes))
		plat_die(__FILE__, __LINE__,
			 "no mapping left to flush with: "
			 "raise sysctl vm.max_map_count");
}

/* Pages that one entry of a table of @level maps. */
static size_t entry_pages(unsigned int level)
{
	return (size_t)1 << (9 * (level - 1));
}

/* The end of the frames from entry @i on that one call can map, @each an entry. */
static size_t frames_end(const uint64_t *entries, size_t i, size_t n, size_t each)
{
	size_t end = i + 1;

	while (end < n && entries[end] &&
	       ENTRY_PFN(entries[end]) == ENTRY_PFN(entries[end - 1]) + each)
		end++;
	return end;
}

/* The end of the entries from @i on that are all absent, or all present. */
static size_t alike_end(const uint64_t *entries, size_t i, size_t n)
{
	size_t end = i + 1;

	while (end < n && !entries[end] == !entries[i])
		end++;
	return end;
}

/* Hardware might go on using the old frame: the mistake that lazy flushing invites. */
static void forbid_remapping(const struct window *window, size_t page)
{
	if (window->pages[page].state == STALE)
		plat_die(__FILE__, __LINE__, "an address is mapped anew before its flush");
	if (window->pages[page].state == LIVE)
		plat_die(__FILE__, __LINE__, "an address is mapped anew while it is in use");
}

static int map_all(struct window *window, size_t page, size_t each, size_t n,
		   const uint64_t *entries)
{
	size_t end;
	int error;

	if (!spare_hold())
		return -ENOMEM;
	for (size_t i = 0; i < n; i = end) {
		end = entries[i] ? frames_end(entries, i, n, each) : alike_end(entries, i, n);
		if (!entries[i])
			continue;
		for (size_t k = i * each; k < end * each; k++)
			forbid_remapping(window, page + k);
		error = arena_map(page_va(window, page + i * each), ENTRY_PFN(entries[i]),
				  (end - i) * each);
		if (!error)
			continue;
		while (i-- > 0)
			if (entries[i])
				drop(page_va(window, page + i * each), each * TRI_PAGE_SIZE);
		return -ENOMEM;
	}
	return 0;
}

static void explain_once(void)
{
	static bool said;

	if (!said)
		host_error("host=exact ran out of mappings, so allocations fail; "
			   "raise sysctl vm.max_map_count or use host=linear");
	said = true;
}

int exact_store(struct window *window, uintptr_t va, unsigned int level, size_t n,
		const uint64_t *entries)
{
	size_t page = (va - window->start) >> TRI_PAGE_SHIFT, each = entry_pages(level);
	struct exact_page *at = window->pages + page;
	int error;

	pthread_mutex_lock(&exact_lock);
	error = map_all(window, page, each, n, entries);
	if (error) {
		explain_once();
		goto out_unlock;
	}
	for (size_t i = 0; i < n * each; i++) {
		if (entries[i / each])
			at[i].state = LIVE;
		else if (at[i].state == LIVE)
			at[i].state = STALE;
	}
	if (page < window->used_start)
		window->used_start = page;
	if (page + n * each > window->used_end)
		window->used_end = page + n * each;
out_unlock:
	pthread_mutex_unlock(&exact_lock);
	return error;
}

static size_t stale_start(const struct exact_page *pages, size_t page, size_t last)
{
	while (page < last && pages[page].state != STALE)
		page++;
	return page;
}

/* Past the last stale page before the next live one. */
static size_t stale_end(const struct exact_page *pages, size_t page, size_t last)
{
	size_t end = page;

	for (; page < last && pages[page].state != LIVE; page++)
		if (pages[page].state == STALE)
			end = page + 1;
	return end;
}

/* Areas have a guard page between them, so adjacent stale pages are one area. */
static void note_flushed(struct exact_page *pages, size_t page, size_t end)
{
	size_t area, area_end;

	for (area = page; area < end; area = area_end + 1) {
		area_end = area;
		while (area_end < end && pages[area_end].state == STALE)
			area_end++;
		for (size_t i = area; i < area_end; i++)
			pages[i] = (struct exact_page){.area = (uint32_t)area,
						       .area_pages = (uint32_t)(area_end - area),
						       .state = FLUSHED};
	}
}

void exact_flush(struct window *window, uintptr_t start, uintptr_t end)
{
	struct exact_page *pages = window->pages;
	size_t page = (start - window->start) >> TRI_PAGE_SHIFT;
	size_t last = (end - window->start) >> TRI_PAGE_SHIFT;

	pthread_mutex_lock(&exact_lock);
	if (page < window->used_start)
		page = window->used_start;
	if (last > window->used_end)
		last = window->used_end;
	while ((page = stale_start(pages, page, last)) < last) {
		size_t stale = stale_end(pages, page, last);

		drop(page_va(window, page), (stale - page) << TRI_PAGE_SHIFT);
		note_flushed(pages, page, stale);
		page = stale;
	}
	pthread_mutex_unlock(&exact_lock);
}

/* Where the area that @page ends begins. */
static size_t area_start(const struct exact_page *pages, size_t page)
{
	size_t first = page;

	if (pages[page].state == FLUSHED)
		return pages[page].area;
	while (first > 0 && pages[first - 1].state == pages[page].state)
		first--;
	return first;
}

/* Right behind a live area, an overrun is likelier than an old pointer that hits its guard. */
void exact_explain(const struct window *window, uintptr_t addr, struct words *line)
{
	size_t page = (addr - window->start) >> TRI_PAGE_SHIFT;
	const struct exact_page *at = window->pages + page;
	uintptr_t area;

	if (at->state == LIVE || at->state == STALE) {
		words_text(line, "out of memory: no frame behind address ");
		words_hex(line, addr);
	} else if (page && (at[-1].state == LIVE || (at->state == NEVER && at[-1].state))) {
		words_text(line, "overrun: address ");
		words_hex(line, addr);
		words_text(line, " is in the guard page behind ");
		words_range(line, page_va(window, area_start(window->pages, page - 1)),
			    page_va(window, page));
	} else if (at->state == FLUSHED) {
		area = page_va(window, at->area);
		words_text(line, "use after flush: address ");
		words_hex(line, addr);
		words_text(line, " is ");
		words_dec(line, addr - area);
		words_text(line, " bytes into the freed area ");
		words_range(line, area, page_va(window, at->area + at->area_pages));
		words_text(line, ", ");
		words_dec(line, at->area_pages);
		words_text(line, " pages; its translation was flushed");
	} else {
		words_text(line, "never mapped: address ");
		words_hex(line, addr);
		words_text(line, " of the window ");
		words_range(line, window->start, window->end);
	}
}
