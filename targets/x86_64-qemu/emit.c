/* SPDX-License-Identifier: GPL-2.0-only */
/* emit.c - the record stream: lines of the log. */
#include "channel.h"
#include "host.h"
#include "machine.h"

void host_emit(const char *line, size_t length)
{
	words_line(CHANNEL_RECORD, line, length);
}
