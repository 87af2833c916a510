/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * atrace.h - reads allocation traces (trace/record/FORMAT.md), whatever bytes they hold.
 *
 * A trace is looked through once, from begin to end: checksums, and that each event is possible
 * where it stands. From then on decoding it can't fail unless the file changes meanwhile, and
 * then it ends early; nothing is ever read or written out of bounds.
 */
#ifndef BENCH_ATRACE_H
#define BENCH_ATRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atrace_format.h"

/* Where its bytes come from: @bytes from @offset on into @to, within @size; false: no more. */
struct atrace_source {
	bool (*read)(void *arg, uint64_t offset, void *to, size_t bytes);
	void *arg;
	uint64_t size;
};

/* In the order of FORMAT.md; of a trace without totals, none but events, lanes and time. */
enum atrace_total {
	ATRACE_EVENTS,
	ATRACE_ALLOCS,
	ATRACE_FREES,
	ATRACE_REMOTE,
	ATRACE_ENDED,
	ATRACE_LIVE_MAX,
	ATRACE_LIVE_BYTES_MAX,
	ATRACE_UNKNOWN,
	ATRACE_REUSED,
	ATRACE_LATE,
	ATRACE_LOST,
	ATRACE_REFUSED,
	ATRACE_TIME,
	ATRACE_LANES,
	ATRACE_TOTALS
};

struct atrace {
	struct atrace_source source;
	unsigned int origin, cpus, lanes; /* lanes: the highest in use + 1 */
	uint64_t began;
	char command[ATRACE_TEXT_MAX + 1], system[ATRACE_TEXT_MAX + 1];
	uint64_t first;	 /* offset of the first block */
	uint64_t events; /* that are good */
	uint64_t time;	 /* of the last of those */
	uint64_t total[ATRACE_TOTALS];
	uint32_t slots[ATRACE_LANES_MAX]; /* of each lane */
	uint64_t by_kind[ATRACE_KINDS];	  /* events of each */
	uint64_t bytes_max;		  /* the largest object by size */
	uint64_t lane_events[ATRACE_LANES_MAX];
	unsigned int nr_caches;
	uint32_t cache_bytes[ATRACE_CACHES_MAX];
	/* NULL: whole and sound. Else what is wrong, where; all before that block is good. */
	const char *why;
	uint64_t where;
};

struct atrace_event {
	uint8_t kind, lane, owner; /* owner: the lane whose slot it is */
	uint32_t slot, generation; /* generation: of a remote free, else 0 */
	uint64_t time, what;
};

struct atrace_decoder {
	const struct atrace *trace;
	uint64_t seq;  /* events decoded */
	uint64_t next; /* offset of the next block */
	uint64_t time;
	unsigned int lane, left; /* left: events of this block */
	const unsigned char *at, *end;
	struct {
		uint32_t next, last; /* slots never used; the slot named last */
		uint64_t what;
	} lanes[ATRACE_LANES_MAX];
	const char *why; /* what was wrong with the last event */
	/* Behind its end are zeros: no event reaches further. */
	unsigned char block[ATRACE_BLOCK_BYTES_MAX + ATRACE_EVENT_MAX];
};

/*
 * Look through it all, with @decoder for memory. Twice: first with @seen NULL, for how many slots
 * there are; then with a zeroed word for each, to see that events follow from each other. 0; or
 * -EINVAL with ->why and ->where.
 */
int atrace_scan(struct atrace *trace, const struct atrace_source *source,
		struct atrace_decoder *decoder, uint32_t *seen);
/*
 * In the place of the first time, and within some milliseconds: take the number of slots from the
 * totals. False: it has none that could be. True: if then it is no good with those, look through it
 * twice, as they may be what is wrong with it.
 */
bool atrace_survey(struct atrace *trace, const struct atrace_source *source,
		   struct atrace_decoder *decoder);
/* Slots of all lanes. */
uint64_t atrace_slots(const struct atrace *trace);

/* Begin with the first event. */
void atrace_rewind(struct atrace_decoder *decoder, const struct atrace *trace);
/* The next event; false: there are no more that are good. */
bool atrace_next(struct atrace_decoder *decoder, struct atrace_event *event);

static inline bool atrace_is_alloc(unsigned int kind)
{
	return kind <= ATRACE_AREA;
}

#endif /* BENCH_ATRACE_H */
