/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * raw.h - what the preloaded library leaves in the spool folder, for trimm-record to encode: a file
 * for each thread, a page of head and then records in the thread's order. A record counts once its
 * kind is there, so a program that is killed loses nothing.
 */
#ifndef TRACE_RECORD_RAW_H
#define TRACE_RECORD_RAW_H

#include <stdint.h>

#define RAW_SPOOL "TRIMM_RECORD_SPOOL" /* environment: the folder */
#define RAW_CLOCK "TRIMM_RECORD_CLOCK" /* environment: "tsc", else CLOCK_MONOTONIC */
#define RAW_MAGIC 0x31776172696d7274UL /* "trmiraw1" */
#define RAW_HEAD  4096

struct raw_head {
	uint64_t magic;
	uint64_t image; /* when this program of the process began, in ticks */
	uint64_t lost;	/* records that found no room */
	uint32_t pid;
};

enum raw_kind {
	RAW_NONE,
	RAW_MALLOC,
	RAW_CALLOC,
	RAW_FREE,
	RAW_MAP,   /* what: bytes */
	RAW_UNMAP, /* what: bytes */
};

struct raw {
	uint64_t time; /* ticks */
	uint64_t address;
	uint64_t what; /* bytes << 8 | kind; stored last */
};

#endif /* TRACE_RECORD_RAW_H */
