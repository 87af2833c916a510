/* SPDX-License-Identifier: GPL-2.0-only */
/* passing.c - see passing.h. */
#include "passing.h"
#include "targets/user/questions.h"

#include <stdatomic.h>
#include <stdio.h>

void passing_open(struct passing *passing, struct channel *channel)
{
	*passing = (struct passing){.channel = channel};
	questions_open();
}

bool passing_answered(const struct passing *passing)
{
	const struct channel *channel = passing->channel;

	return passing->asked && atomic_load_explicit((const _Atomic uint32_t *)&channel->answered,
						      memory_order_acquire) == channel->asked;
}

void passing_line(const struct passing *passing, const char *line, size_t length)
{
	/* The guest is not to be trusted: an answer to no question is nobody's. */
	if (passing->asked)
		questions_answer(line, length);
}

static void end(struct passing *passing)
{
	if (passing->channel->cut)
		questions_refuse("the guest's log is half full, and the rest is for records; ask "
				 "another run");
	else
		questions_answer(NULL, 0);
	passing->asked = false;
}

static void pass_on(struct passing *passing, const char *question)
{
	struct channel *channel = passing->channel;

	snprintf(channel->question, sizeof(channel->question), "%s", question);
	atomic_store_explicit((_Atomic uint32_t *)&channel->asked, channel->asked + 1,
			      memory_order_release);
	passing->asked = true;
}

void passing_turn(struct passing *passing, bool answered)
{
	const char *question;

	if (answered)
		end(passing);
	question = passing->asked ? NULL : questions_asked();
	if (question && passing->channel)
		pass_on(passing, question);
	else if (question)
		questions_refuse("an answer would change what --mode exact counts; ask a run "
				 "that is timed");
}
