/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * window.c - the table of windows, and the calls of platform.h that act on them.
 *
 * Making and destroying windows is for one thread while no other is inside a core.
 */
#include "window.h"

#include <errno.h>
#include <sys/mman.h>

#include "flush_times.h"
#include "host.h"
#include "limits.h"
#include "model.h"
#include "workers.h"

#define WINDOW_ALIGN (2UL << 20)

/* More: longer searches, each entry costs a compare; less: fewer cores. The arena has 16. */
#define WINDOW_MAX 64

static struct window windows[WINDOW_MAX];
static unsigned int nr_windows; /* entries that were ever used */

/* Address space and nothing else, aligned to what mmcore asks for; 0 with errno set. */
static uintptr_t reserve(size_t bytes)
{
	uintptr_t at, start;
	void *all = mmap(model_place(bytes + WINDOW_ALIGN, 0), bytes + WINDOW_ALIGN, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (all == MAP_FAILED)
		return 0;
	at = (uintptr_t)all;
	start = (at + WINDOW_ALIGN - 1) & ~(WINDOW_ALIGN - 1);
	if (start > at)
		munmap(all, start - at);
	if (at + WINDOW_ALIGN > start)
		munmap((void *)(start + bytes), at + WINDOW_ALIGN - start);
	return start;
}

static struct window *entry_find(void)
{
	for (unsigned int i = 0; i < WINDOW_MAX; i++)
		if (!windows[i].start)
			return &windows[i];
	host_error("no more than %d windows at once; compare fewer arms", WINDOW_MAX);
	return NULL;
}

struct window *window_create(size_t bytes, bool exact)
{
	struct window *window = entry_find();
	int error;

	if (!window)
		return NULL;
	window->start = reserve(bytes);
	if (!window->start) {
		limits_explain("window", bytes, errno, "window=");
		return NULL;
	}
	window->end = window->start + bytes;
	error = exact ? exact_open(window) : linear_open(window);
	if (error) {
		munmap((void *)window->start, bytes);
		limits_explain("window", bytes, -error, "window=");
		*window = (struct window){0};
		return NULL;
	}
	if (window - windows >= nr_windows)
		nr_windows = (unsigned int)(window - windows) + 1;
	return window;
}

void window_destroy(struct window *window)
{
	if (window->pages)
		exact_close(window);
	munmap((void *)window->start, window->end - window->start);
	*window = (struct window){0};
}

struct window *window_find(uintptr_t addr)
{
	for (unsigned int i = 0; i < nr_windows; i++)
		if (addr >= windows[i].start && addr < windows[i].end)
			return &windows[i];
	return NULL;
}

static struct window *window_of(uintptr_t va)
{
	struct window *window = window_find(va);

	if (!window)
		plat_die(__FILE__, __LINE__, "an address outside every window");
	return window;
}

int plat_entries_stored(uintptr_t va, unsigned int level, unsigned long n, const uint64_t *entries)
{
	struct window *window = window_of(va);

	/* To a CPU of ours a system call is no sleep: who is pinned may make one. */
	return window->pages ? exact_store(window, va, level, n, entries) : 0;
}

unsigned int plat_tlb_flush_range(uintptr_t start, uintptr_t end)
{
	struct window *window = window_of(start);
	unsigned int interrupted = workers_elsewhere();
	uint64_t begin = plat_ticks();

	plat_might_sleep();
	if (window->pages)
		exact_flush(window, start, end);
	else
		linear_flush(start, end);
	model_flushed(start, end);
	flush_took(plat_ticks() - begin, interrupted);
	return interrupted;
}

unsigned int plat_tlb_flush_all(uintptr_t window_va)
{
	struct window *window = window_of(window_va);

	return plat_tlb_flush_range(window->start, window->end);
}
