/* SPDX-License-Identifier: GPL-2.0-only */
/* emit.c - the record stream: lines that debugfs has. */
#include "host.h"
#include "lines.h"
#include "stream.h"

void host_emit(const char *line, size_t length)
{
	stream_make_room(length + 2);
	stream_line(LINE_RECORD, line, length);
}
