/* SPDX-License-Identifier: GPL-2.0-only */
/* encode.h - what the preloaded library left in the spool becomes a trace. */
#ifndef TRACE_RECORD_ENCODE_H
#define TRACE_RECORD_ENCODE_H

#include "writer.h"

/* Ticks of the library's clock and ns: two moments that both were read at. */
struct encode_clock {
	uint64_t ticks[2], ns[2];
};

/*
 * Encode all files of @folder into @writer, in the order of their times. Each program of a process
 * is a space; a thread has a lane of its own while it lives, as long as there are lanes. 0 or
 * -errno; *@programs: how many there were.
 */
int encode(struct atrace_writer *writer, const char *folder, const struct encode_clock *clock,
	   unsigned int *programs);

#endif /* TRACE_RECORD_ENCODE_H */
