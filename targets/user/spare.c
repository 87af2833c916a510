/* SPDX-License-Identifier: GPL-2.0-only */
/* spare.c - neighbouring pages of unlike protection: the kernel cannot merge them. */
#include "spare.h"

#include <stddef.h>
#include <sys/mman.h>

#include "tri.h"

/*
 * More: mappings the windows may not have; less: a flush that must split mappings, or threads
 * that map memory of their own meanwhile, could still meet the limit.
 */
#define SPARE_MAPPINGS 32
#define SPARE_BYTES    (SPARE_MAPPINGS * TRI_PAGE_SIZE)

static char *held;

static char *make(void)
{
	char *at = mmap(NULL, SPARE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	for (size_t i = 0; i < SPARE_MAPPINGS; i += 2) {
		if (!mprotect(at + i * TRI_PAGE_SIZE, TRI_PAGE_SIZE, PROT_READ))
			continue;
		munmap(at, SPARE_BYTES);
		return NULL;
	}
	return at;
}

bool spare_hold(void)
{
	if (!held)
		held = make();
	return held;
}

void spare_give_up(void)
{
	if (held)
		munmap(held, SPARE_BYTES);
	held = NULL;
}

bool spare_fit(void)
{
	char *more = make();

	if (more)
		munmap(more, SPARE_BYTES);
	return more;
}
