/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * raw.h - what the preloaded library leaves in the spool folder, for trimm-record to encode: a file
 * for each thread, in the thread's order. A page of head; a buffer, which the thread has mapped and
 * fills again and again; and behind it what was in the buffer before, appended when it was full.
 * A word counts once its kind is there, so a program that is killed loses nothing.
 *
 * Appended by write(2) because pages that are mapped and touched once cost ten times as much.
 */
#ifndef TRACE_RECORD_RAW_H
#define TRACE_RECORD_RAW_H

#include <stdint.h>

#define RAW_SPOOL "TRIMM_RECORD_SPOOL" /* environment: the folder */
#define RAW_CLOCK "TRIMM_RECORD_CLOCK" /* environment: "tsc", else CLOCK_MONOTONIC */
#define RAW_MAGIC 0x31776172696d7274UL /* "trmiraw1" */
#define RAW_HEAD  4096
/* Words of a buffer: whole pages of it, and within the second cache. */
#define RAW_WORDS  16384UL
#define RAW_BUFFER (RAW_WORDS * sizeof(uint64_t))

struct raw_head {
	uint64_t magic;
	uint64_t image; /* when this program of the process began, in ticks */
	uint64_t lost;	/* words that found no room */
	/* Twice how many buffers were appended; and 1: the present one is being emptied. */
	uint64_t appended;
	uint32_t pid;
};

/*
 * A call is a word, as what it costs to write is mostly its length: address << 16 | bytes << 4 |
 * kind. Two kinds of words have a number instead, << 4.
 */
enum raw_kind {
	RAW_NONE, /* a buffer's last words: a call and what belongs to it are in one */
	RAW_MALLOC,
	RAW_CALLOC,
	RAW_FREE,
	RAW_MAP,
	RAW_UNMAP,
	RAW_SIZE, /* bytes of the call before */
	/*
	 * Ticks, of all that follows, or earlier than that: no later than it happened. A buffer
	 * begins with one. A call for an address which another thread was the last to have has one
	 * right before it that was read when it was made: between what hands the address on and
	 * what hands it further.
	 */
	RAW_TIME,
};
/* Bytes that don't fit: a word of their own follows. */
#define RAW_BYTES_MORE 0xfffUL

#endif /* TRACE_RECORD_RAW_H */
