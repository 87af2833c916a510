/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * passing.h - questions of `trimm show`, asked of this program (targets/user/questions.h) and
 * passed on to the guest, whose log brings the answers; or refused.
 */
#ifndef LAUNCH_PASSING_H
#define LAUNCH_PASSING_H

#include "channel.h"

#include <stdbool.h>
#include <stddef.h>

struct passing {
	struct channel *channel; /* NULL: whatever is asked is refused */
	bool asked;		 /* the guest has a question */
};

/* Listen. Failing only means nobody can ask. */
void passing_open(struct passing *passing, struct channel *channel);
/* Each turn, before the log is read: what of it belongs to the answer is there if this is true. */
bool passing_answered(const struct passing *passing);
/* A line of the answer, which ends with its newline. */
void passing_line(const struct passing *passing, const char *line, size_t length);
/* Each turn, after that: end what was answered then, pass on what is asked now. */
void passing_turn(struct passing *passing, bool answered);

#endif /* LAUNCH_PASSING_H */
