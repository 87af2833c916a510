/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * questions.c - what `trimm show` asks: the program that started us puts the question into the
 * channel, the answer goes into the log, line by line. Slot 0's alone.
 */
#include "channel.h"
#include "host.h"
#include "machine.h"

/* Longer lines are cut. */
#define LINE_MAX 1024

static char question[CHANNEL_QUESTION_MAX];

/* The answer's line that has not ended yet, and whether lines before it are missing. */
static struct {
	size_t length;
	bool cut;
	char text[LINE_MAX];
} line;

/* It is asked once a slice, which shows the starter that we get on. */
const char *host_question(void)
{
	struct channel *channel = machine_channel();

	if (!channel)
		return NULL;
	__atomic_store_n(&channel->heartbeat, channel->heartbeat + 1, __ATOMIC_RELAXED);
	if (__atomic_load_n(&channel->asked, __ATOMIC_ACQUIRE) == channel->answered)
		return NULL;
	memcpy(question, channel->question, sizeof(question) - 1);
	return question;
}

/* The records of a run need their room: an answer too many must not cost it them. */
static void line_end(struct channel *channel)
{
	if (channel->written + line.length > channel->log_bytes / 2)
		line.cut = true;
	else
		words_line(CHANNEL_ANSWER, line.text, line.length);
	line.length = 0;
}

void host_answer(const char *piece, size_t length)
{
	struct channel *channel = machine_channel();

	for (size_t i = 0; piece && i < length; i++) {
		if (piece[i] == '\n')
			line_end(channel);
		else if (line.length < sizeof(line.text))
			line.text[line.length++] = piece[i];
	}
	if (piece)
		return;
	channel->cut = line.cut;
	line.cut = false;
	__atomic_store_n(&channel->answered, channel->asked, __ATOMIC_RELEASE);
}
