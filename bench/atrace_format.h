/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * atrace_format.h - the numbers of an allocation trace; trace/record/FORMAT.md says what they mean.
 *
 * Who writes one (trace/record) and who replays one (bench) share this file and no code.
 */
#ifndef BENCH_ATRACE_FORMAT_H
#define BENCH_ATRACE_FORMAT_H

#define ATRACE_MAGIC	  "\x89TRIMA\r\n" /* 8 bytes: whatever translates text damages it */
#define ATRACE_VERSION	  1
#define ATRACE_LANES_MAX  64
#define ATRACE_CACHES_MAX 4096
#define ATRACE_SLOTS_MAX  (1U << 28) /* of a lane */
#define ATRACE_ORDER_MAX  10
#define ATRACE_BYTES_MAX  (1ULL << 40) /* of a request */
#define ATRACE_OBJECT_MAX (1U << 20)   /* bytes of a cache's objects */
#define ATRACE_TEXT_MAX	  255	       /* bytes of a text, the command's or a cache's name */

/* The head of a file: fixed bytes, then its two texts, then their CRC32C. */
enum atrace_head {
	ATRACE_HEAD_VERSION = 8,  /* 2 bytes */
	ATRACE_HEAD_BYTES = 10,	  /* 2: of the whole head, CRC included */
	ATRACE_HEAD_ORIGIN = 12,  /* 1: enum atrace_origin */
	ATRACE_HEAD_UNIT = 13,	  /* 1: of time: 1 is ns */
	ATRACE_HEAD_CPUS = 14,	  /* 2: of the machine */
	ATRACE_HEAD_BEGAN = 16,	  /* 8: ns since 1970, of time 0 */
	ATRACE_HEAD_COMMAND = 24, /* 2: bytes of the command's text */
	ATRACE_HEAD_SYSTEM = 26,  /* 2: bytes of the system's */
	ATRACE_HEAD_TEXTS = 28,
};
#define ATRACE_HEAD_MAX (ATRACE_HEAD_TEXTS + 2 * ATRACE_TEXT_MAX + 4)
#define ATRACE_UNIT_NS	1
enum atrace_origin { ATRACE_USER = 1, ATRACE_KERNEL };

/* The head of a block; its payload follows. */
enum atrace_block {
	ATRACE_BLOCK_TAG = 0,	    /* 4 */
	ATRACE_BLOCK_BYTES = 4,	    /* 4: of the payload */
	ATRACE_BLOCK_EVENTS = 8,    /* 4: in it */
	ATRACE_BLOCK_CRC = 12,	    /* 4: CRC32C of the payload */
	ATRACE_BLOCK_FIRST = 16,    /* 8: events before it */
	ATRACE_BLOCK_TIME = 24,	    /* 8: that its first event's is added to */
	ATRACE_BLOCK_HEAD_CRC = 32, /* 4: CRC32C of the 32 bytes before */
	ATRACE_BLOCK_HEAD = 36,
};
#define ATRACE_TAG_EVENTS 0x544e5645U /* "EVNT", read as bytes */
#define ATRACE_TAG_CACHES 0x48434143U /* "CACH" */
#define ATRACE_TAG_TOTALS 0x4c544f54U /* "TOTL" */

/* Of one block; more: fewer heads, more memory and more that a damage takes along. */
#define ATRACE_BLOCK_EVENTS_MAX 8192
#define ATRACE_EVENT_MAX	43 /* bytes of one event, at most */
#define ATRACE_BLOCK_BYTES_MAX	65536

/* The first byte of an event: a kind and three hints. */
enum atrace_kind {
	ATRACE_KMALLOC = 1, /* what: bytes */
	ATRACE_KZALLOC,	    /* the same, zeroed */
	ATRACE_CACHE,	    /* what: the cache's number */
	ATRACE_CACHE_ZEROED,
	ATRACE_PAGES, /* what: the order */
	ATRACE_PAGES_ZEROED,
	ATRACE_AREA,	    /* what: bytes of mmap(2) or vmalloc */
	ATRACE_FREE,	    /* by the lane that allocated it */
	ATRACE_FREE_REMOTE, /* by another lane */
	ATRACE_FREE_END,    /* nobody freed it: its process or the trace ended */
	ATRACE_KINDS
};
#define ATRACE_KIND_MASK  0x0f
#define ATRACE_PLACE_MASK 0x30
#define ATRACE_PLACE_NEAR 0x00 /* a signed distance to the lane's last slot follows */
#define ATRACE_PLACE_LAST 0x10 /* that very slot */
#define ATRACE_PLACE_NEXT 0x20 /* the lane's first slot that was never used */
#define ATRACE_OTHER_LANE 0x40 /* a byte, the lane, follows; else it is the last event's */
#define ATRACE_SAME_WHAT  0x80 /* what is the lane's last; else it follows */

#endif /* BENCH_ATRACE_FORMAT_H */
