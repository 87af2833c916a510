/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * channel_reader.h - the guest's log (targets/x86_64-qemu/channel.h) as it grows: records to
 * the sink, words to stderr, answers to who asked. It is read, never waited for; and it is the
 * guest's, so nothing in it is trusted.
 */
#ifndef LAUNCH_CHANNEL_READER_H
#define LAUNCH_CHANNEL_READER_H

#include "channel.h"
#include "passing.h"
#include "sink.h"

struct channel_reader {
	const struct channel *channel;
	const char *log;
	uint64_t room; /* of the log, in bytes; the channel's own word for it is the guest's */
	uint64_t done; /* bytes handed on */
	struct sink *sink;
	const struct passing *passing;
	char last[96];	/* the beginning of the last line */
	char wrong[96]; /* what is wrong with the log, or "" */
};

/* @memory is the guest's, from its address 0 on. */
void channel_reader_open(struct channel_reader *reader, const void *memory, uint64_t room,
			 struct sink *sink, const struct passing *passing);
/* Hand on the whole lines that are new; were there any? Nothing more once `wrong` is set. */
bool channel_reader_turn(struct channel_reader *reader);
/* The guest is gone: say what is missing at the end, in `wrong`. */
void channel_reader_end(struct channel_reader *reader);

#endif /* LAUNCH_CHANNEL_READER_H */
