/* SPDX-License-Identifier: GPL-2.0-only */
/* model.c - the mailbox of a plugin that models the TLB; see model.h. */
#include "model.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "host.h"

/* Far from where QEMU puts the program, its heap and what it maps for itself. */
#define PLACES_START 0x100000000000
#define PLACES_ALIGN (2UL << 20)

struct mailbox *model_mailbox;
static uintptr_t place_next = PLACES_START;

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

void *model_place(size_t bytes)
{
	uintptr_t place = place_next;

	if (!model_watches())
		return NULL;
	place_next += (bytes + 2 * PLACES_ALIGN - 1) & ~(PLACES_ALIGN - 1);
	return (void *)place;
}

void model_places_reset(void)
{
	place_next = PLACES_START;
}
