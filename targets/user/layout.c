/* SPDX-License-Identifier: GPL-2.0-only */
/* layout.c - see layout.h. */
#include "layout.h"

#include <sys/mman.h>

#include "random.h"
#include "tri.h"

/* More: address space; less: fewer unlike places. A page of 2 MiB has 512 colours of 4 KiB. */
#define PLACES (16UL * 512)

static bool chosen;
static struct bench_random stream;

void layout_choose(unsigned long process)
{
	chosen = true;
	bench_random_seed(&stream, process, TRI_MAX_CPUS);
}

unsigned long layout_number(unsigned long n)
{
	return chosen ? bench_random_below(&stream, n) : 0;
}

void layout_skip(void)
{
	/* If there is no room for it, all is as it would have been. */
	if (chosen)
		mmap(NULL, (layout_number(PLACES) + 1) * TRI_PAGE_SIZE, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

void *layout_place(size_t bytes)
{
	size_t room = bytes + PLACES * TRI_PAGE_SIZE;
	char *at;

	if (!chosen)
		return NULL;
	at = mmap(NULL, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (at == MAP_FAILED)
		return NULL;
	munmap(at, room);
	return at + layout_number(PLACES) * TRI_PAGE_SIZE;
}
