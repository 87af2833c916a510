/* SPDX-License-Identifier: GPL-2.0-only */
/* model.c - the mailbox of a plugin that models the TLB; see model.h. */
#include "model.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "host.h"
#include "layout.h"

/* Far from where QEMU puts the program, its heap and what it maps for itself. */
#define PLACES_START 0x100000000000
#define PLACES_ALIGN (2UL << 20)

/* Scratch of one size begins at one page of so many: the sets of the largest TLBs there are. */
#define SCRATCH_START	0x200000000000
#define SCRATCH_COLOURS 128
/* Odd, so that sizes spread over all; and none lies where cores' places begin. */
#define SCRATCH_STEP 5

struct mailbox *model_mailbox;
static uintptr_t place_next = PLACES_START;
static uintptr_t scratch_next = SCRATCH_START;

_Static_assert(TRI_MAX_CPUS <= MAILBOXES, "a mailbox for each slot");

int model_open(void)
{
	const char *name = getenv("TRIMM_MODEL_FD");
	void *at = MAP_FAILED;
	char *end;
	long fd;

	if (!name)
		return 0;
	fd = strtol(name, &end, 10);
	errno = EBADF;
	if (isdigit((unsigned char)*name) && !*end)
		at = mmap(NULL, MAILBOXES * sizeof(struct mailbox), PROT_READ | PROT_WRITE,
			  MAP_SHARED, (int)fd, 0);
	if (at == MAP_FAILED) {
		int error = errno;

		host_error("TRIMM_MODEL_FD=%s cannot be mapped: %s; unset it, or start by "
			   "`trimm run --mode exact`",
			   name, strerror(error));
		return -error;
	}
	model_mailbox = at;
	return 0;
}

void *model_place(size_t bytes, unsigned int colour)
{
	uintptr_t place = place_next + colour * TRI_PAGE_SIZE;

	if (!model_watches())
		return layout_place(bytes);
	place_next += (bytes + 2 * PLACES_ALIGN - 1) & ~(PLACES_ALIGN - 1);
	return (void *)place;
}

void *model_scratch_place(size_t bytes)
{
	size_t pages = (bytes + TRI_PAGE_SIZE - 1) / TRI_PAGE_SIZE;
	uintptr_t place =
		scratch_next + (pages + 1) * SCRATCH_STEP % SCRATCH_COLOURS * TRI_PAGE_SIZE;

	if (!model_watches())
		return layout_place(bytes);
	scratch_next += (pages * TRI_PAGE_SIZE + 2 * PLACES_ALIGN - 1) & ~(PLACES_ALIGN - 1);
	return (void *)place;
}

void model_places_reset(void)
{
	place_next = PLACES_START;
}
