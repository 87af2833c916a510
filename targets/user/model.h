/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model.h - under qemu-user a plugin may model the TLB of what we execute. Flushes are made by the
 * host's kernel, where it sees nothing: they are told to it, in a mailbox.
 */
#ifndef USER_MODEL_H
#define USER_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "mailbox.h"
#include "mark.h"
#include "platform.h"

/* [MAILBOXES], shared with the plugin; NULL: nobody models. */
extern struct mailbox *model_mailbox;

/* Map the descriptor $TRIMM_MODEL_FD, if there is one. 0, or -errno after one line. */
int model_open(void);

static inline bool model_watches(void)
{
	return __builtin_expect(model_mailbox != NULL, 0);
}

/*
 * Where to map @bytes: a free place, the same in each repeat of a case, since which addresses meet
 * in a set of a TLB decides what misses: @colour pages (below 512) beyond a multiple of 2 MiB.
 * Where nobody models, as layout.h says.
 */
void *model_place(size_t bytes, unsigned int colour);
/*
 * Of a core's metadata, whose first pages are in use all the time, as the first of its frames and
 * of its window are: at one colour with them, they fill the sets of a 4-way TLB by themselves
 * (unmap-storm, lazy: 6.9 first-level misses an operation; so 3.0).
 */
#define MODEL_COLOUR_CORE 11
/*
 * The same for memory of the harness's: its sets of a TLB follow from its size alone, so that arms
 * of a case meet the same conflicts, in whatever order they come.
 */
void *model_scratch_place(size_t bytes);
/* There is no core: the next one begins where the first did. */
void model_places_reset(void);

/* The host has taken the translations of [start, end) away. */
static inline void model_flushed(uintptr_t start, uintptr_t end)
{
	if (!model_watches())
		return;
	model_mailbox[plat_cpu()].start = start;
	model_mailbox[plat_cpu()].end = end;
	PLAT_MARK(MARK_FLUSH);
}

#endif /* USER_MODEL_H */
