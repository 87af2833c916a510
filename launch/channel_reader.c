/* SPDX-License-Identifier: GPL-2.0-only */
/* channel_reader.c - see channel_reader.h. */
#include "channel_reader.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void channel_reader_open(struct channel_reader *reader, const void *memory, uint64_t room,
			 struct sink *sink, const struct passing *passing)
{
	*reader = (struct channel_reader){
		.channel = (const void *)((const char *)memory + CHANNEL_ADDRESS),
		.log = (const char *)memory + CHANNEL_LOG,
		.room = room,
		.sink = sink,
		.passing = passing,
	};
}

static void say(const char *line, size_t length)
{
	while (length) {
		ssize_t written = write(STDERR_FILENO, line, length);

		if (written < 0 && errno != EINTR)
			return;
		line += written > 0 ? written : 0;
		length -= written > 0 ? (size_t)written : 0;
	}
}

/* @length counts the kind, which comes first, and the newline, which comes last. */
static void hand_on(struct channel_reader *reader, const char *line, size_t length)
{
	size_t shown = length - 2 < sizeof(reader->last) ? length - 2 : sizeof(reader->last) - 1;

	if (line[0] == CHANNEL_ANSWER) {
		passing_line(reader->passing, line + 1, length - 1);
		return;
	}
	if (line[0] == CHANNEL_RECORD)
		sink_record(reader->sink, line + 1, length - 2);
	else if (line[0] == CHANNEL_WORDS)
		say(line + 1, length - 1);
	else
		snprintf(reader->wrong, sizeof(reader->wrong),
			 "a line that is neither record nor words nor answer, at byte %lu",
			 reader->done);
	snprintf(reader->last, sizeof(reader->last), "%.*s", (int)shown, line + 1);
}

bool channel_reader_turn(struct channel_reader *reader)
{
	const _Atomic uint64_t *end = (const _Atomic uint64_t *)&reader->channel->written;
	uint64_t written = atomic_load_explicit(end, memory_order_acquire);
	bool any = false;

	if (*reader->wrong)
		return false;
	if (written < reader->done || written > reader->room) {
		snprintf(reader->wrong, sizeof(reader->wrong), "%lu bytes written after %lu of %lu",
			 written, reader->done, reader->room);
		return false;
	}
	while (reader->done < written && !*reader->wrong) {
		const char *line = reader->log + reader->done;
		const char *newline = memchr(line, '\n', written - reader->done);

		if (!newline)
			break;
		if (newline > line) {
			hand_on(reader, line, (size_t)(newline + 1 - line));
			any = true;
		}
		reader->done += (size_t)(newline + 1 - line);
	}
	return any;
}

void channel_reader_end(struct channel_reader *reader)
{
	uint64_t written = reader->channel->written, overflow = reader->channel->overflow;

	if (*reader->wrong)
		return;
	if (written > reader->done)
		snprintf(reader->wrong, sizeof(reader->wrong), "it ends in the middle of a line");
	else if (overflow)
		snprintf(reader->wrong, sizeof(reader->wrong),
			 "%lu lines found no room in its %lu MiB; raise ram=", overflow,
			 reader->room >> 20);
}
