/* SPDX-License-Identifier: GPL-2.0-only */
/* atrace.c - from a trace's bytes to its events; see atrace.h. */
#include "atrace.h"
#include "atrace_crc.h"
#include "plat_types.h"

static uint64_t get(const unsigned char *from, unsigned int bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | from[bytes];
	return value;
}

/* Seven bits a byte, 10 bytes at most; what exceeds 64 bits is lost. */
static inline uint64_t get_number(const unsigned char **at)
{
	const unsigned char *byte = *at;
	uint64_t value = *byte & 127;

	for (unsigned int shift = 7; *byte++ & 128 && shift < 70; shift += 7)
		value |= (uint64_t)(*byte & 127) << shift;
	*at = byte;
	return value;
}

void atrace_rewind(struct atrace_decoder *decoder, const struct atrace *trace)
{
	decoder->trace = trace;
	decoder->seq = 0;
	decoder->next = trace->first;
	decoder->time = 0;
	decoder->lane = decoder->left = 0;
	decoder->why = NULL;
	memset(decoder->lanes, 0, sizeof(decoder->lanes));
}

/* The head of a block at ->next; false: it is none that could be. */
static bool block_head(struct atrace_decoder *decoder, unsigned char *head)
{
	const struct atrace_source *source = &decoder->trace->source;
	uint64_t bytes;

	if (source->size - decoder->next < ATRACE_BLOCK_HEAD ||
	    !source->read(source->arg, decoder->next, head, ATRACE_BLOCK_HEAD))
		return false;
	bytes = get(head + ATRACE_BLOCK_BYTES, 4);
	return bytes <= ATRACE_BLOCK_BYTES_MAX &&
	       bytes <= source->size - decoder->next - ATRACE_BLOCK_HEAD;
}

/* Its payload, and zeros behind. */
static bool block_payload(struct atrace_decoder *decoder, const unsigned char *head)
{
	const struct atrace_source *source = &decoder->trace->source;
	size_t bytes = get(head + ATRACE_BLOCK_BYTES, 4);

	if (!source->read(source->arg, decoder->next + ATRACE_BLOCK_HEAD, decoder->block, bytes))
		return false;
	memset(decoder->block + bytes, 0, ATRACE_EVENT_MAX);
	decoder->next += ATRACE_BLOCK_HEAD + bytes;
	decoder->at = decoder->block;
	decoder->end = decoder->block + bytes;
	decoder->left = get(head + ATRACE_BLOCK_EVENTS, 4);
	return true;
}

static bool wrong(struct atrace_decoder *decoder, const char *why)
{
	decoder->why = why;
	return false;
}

static bool slot_of(struct atrace_decoder *decoder, unsigned int head, struct atrace_event *event,
		    const unsigned char **at)
{
	uint32_t *next = &decoder->lanes[event->owner].next;
	uint32_t *last = &decoder->lanes[event->owner].last;
	uint64_t number;

	switch (head & ATRACE_PLACE_MASK) {
	case ATRACE_PLACE_LAST:
		break;
	case ATRACE_PLACE_NEAR:
		number = get_number(at);
		*last += (uint32_t)(number >> 1) ^ -(uint32_t)(number & 1);
		break;
	case ATRACE_PLACE_NEXT:
		if (!atrace_is_alloc(event->kind) || *next == ATRACE_SLOTS_MAX)
			return wrong(decoder, "an event's slot can't be");
		*last = (*next)++;
		break;
	default:
		return wrong(decoder, "an event's slot is given in no known way");
	}
	if (*last >= *next)
		return wrong(decoder, "an event names a slot that was never used");
	event->slot = *last;
	return true;
}

static bool possible(const struct atrace_decoder *decoder, const struct atrace_event *event)
{
	switch (event->kind) {
	case ATRACE_CACHE:
	case ATRACE_CACHE_ZEROED:
		return event->what < decoder->trace->nr_caches;
	case ATRACE_PAGES:
	case ATRACE_PAGES_ZEROED:
		return event->what <= ATRACE_ORDER_MAX;
	default:
		return event->what && event->what <= ATRACE_BYTES_MAX;
	}
}

static bool decode(struct atrace_decoder *decoder, struct atrace_event *event)
{
	const unsigned char *at = decoder->at;
	unsigned int head = *at++;

	event->kind = head & ATRACE_KIND_MASK;
	if (!event->kind || event->kind >= ATRACE_KINDS)
		return wrong(decoder, "an event is of no known kind");
	if (head & ATRACE_OTHER_LANE)
		decoder->lane = *at++;
	event->lane = decoder->lane;
	event->time = decoder->time += get_number(&at);
	event->owner = event->kind == ATRACE_FREE_REMOTE ? *at++ : event->lane;
	if (event->lane >= ATRACE_LANES_MAX || event->owner >= ATRACE_LANES_MAX)
		return wrong(decoder, "an event's lane is beyond the last");
	if (!slot_of(decoder, head, event, &at))
		return false;
	event->generation = event->kind == ATRACE_FREE_REMOTE ? (uint32_t)get_number(&at) : 0;
	event->what = 0;
	if (atrace_is_alloc(event->kind)) {
		uint64_t *what = &decoder->lanes[event->lane].what;

		if (!(head & ATRACE_SAME_WHAT))
			*what = get_number(&at);
		event->what = *what;
		if (!possible(decoder, event))
			return wrong(decoder, "an event's size, order or cache can't be");
	}
	if (at > decoder->end)
		return wrong(decoder, "an event goes on behind its block");
	decoder->at = at;
	return true;
}

bool atrace_next(struct atrace_decoder *decoder, struct atrace_event *event)
{
	unsigned char head[ATRACE_BLOCK_HEAD];

	if (decoder->seq == decoder->trace->events)
		return false;
	while (!decoder->left)
		if (!block_head(decoder, head) || !block_payload(decoder, head))
			return false;
	if (!decode(decoder, event) || event->slot >= decoder->trace->slots[event->owner])
		return false;
	decoder->left--;
	decoder->seq++;
	return true;
}

/* --- Looking through it --- */

static int damaged(struct atrace *trace, uint64_t where, const char *why)
{
	trace->where = where;
	trace->why = why;
	return -EINVAL;
}

static int scan_head(struct atrace *trace, unsigned char *head)
{
	const struct atrace_source *source = &trace->source;
	size_t bytes, command, system;

	if (source->size < 12 || !source->read(source->arg, 0, head, 12) ||
	    memcmp(head, ATRACE_MAGIC, 8))
		return damaged(trace, 0, "it is no allocation trace");
	if (get(head + ATRACE_HEAD_VERSION, 2) != ATRACE_VERSION)
		return damaged(trace, ATRACE_HEAD_VERSION, "it is of a version unknown here");
	bytes = get(head + ATRACE_HEAD_BYTES, 2);
	if (bytes < ATRACE_HEAD_TEXTS + 4 || bytes > ATRACE_HEAD_MAX)
		return damaged(trace, ATRACE_HEAD_BYTES, "its head is damaged");
	if (source->size < bytes || !source->read(source->arg, 0, head, bytes))
		return damaged(trace, source->size, "it ends within its head");
	command = get(head + ATRACE_HEAD_COMMAND, 2);
	system = get(head + ATRACE_HEAD_SYSTEM, 2);
	trace->origin = head[ATRACE_HEAD_ORIGIN];
	trace->cpus = get(head + ATRACE_HEAD_CPUS, 2);
	if (atrace_crc(head, bytes - 4) != get(head + bytes - 4, 4) || command > ATRACE_TEXT_MAX ||
	    system > ATRACE_TEXT_MAX || bytes != ATRACE_HEAD_TEXTS + command + system + 4 ||
	    head[ATRACE_HEAD_UNIT] != ATRACE_UNIT_NS || !trace->cpus ||
	    (trace->origin != ATRACE_USER && trace->origin != ATRACE_KERNEL))
		return damaged(trace, 0, "its head is damaged");
	trace->began = get(head + ATRACE_HEAD_BEGAN, 8);
	memcpy(trace->command, head + ATRACE_HEAD_TEXTS, command);
	memcpy(trace->system, head + ATRACE_HEAD_TEXTS + command, system);
	trace->first = bytes;
	return 0;
}

static int scan_cache(struct atrace *trace, struct atrace_decoder *decoder, uint64_t where)
{
	const unsigned char *at = decoder->at;
	uint64_t bytes = get_number(&at);

	if (at > decoder->end || !bytes || bytes > ATRACE_OBJECT_MAX || decoder->left ||
	    trace->nr_caches == ATRACE_CACHES_MAX)
		return damaged(trace, where, "a cache can't be");
	trace->cache_bytes[trace->nr_caches++] = (uint32_t)bytes;
	return 0;
}

static int scan_totals(struct atrace *trace, struct atrace_decoder *decoder, uint64_t where)
{
	const unsigned char *at = decoder->at;

	for (unsigned int i = 0; i < ATRACE_TOTALS && at < decoder->end; i++)
		trace->total[i] = get_number(&at);
	for (unsigned int i = 0; i < trace->lanes && at < decoder->end; i++)
		if (get_number(&at) != trace->slots[i])
			return damaged(trace, where, "its totals are not those of its events");
	if (at != decoder->end || decoder->left || trace->total[ATRACE_EVENTS] != trace->events ||
	    trace->total[ATRACE_LANES] != trace->lanes)
		return damaged(trace, where, "its totals are not those of its events");
	if (decoder->next != trace->source.size)
		return damaged(trace, decoder->next, "something follows its totals");
	return 0;
}

/* What was seen of each slot: allocations in it, and in the lowest bit whether it is in use. */
struct seen {
	uint32_t *lane[ATRACE_LANES_MAX];
	uint32_t slots[ATRACE_LANES_MAX];
};

static bool follows(struct atrace_decoder *decoder, const struct atrace_event *event,
		    const struct seen *seen)
{
	uint32_t *word;

	if (event->slot >= seen->slots[event->owner])
		return wrong(decoder, "it has changed while it was read");
	word = &seen->lane[event->owner][event->slot];
	if (atrace_is_alloc(event->kind)) {
		if (*word & 1)
			return wrong(decoder, "an allocation's slot is in use");
		*word += 3;
		return true;
	}
	if (!(*word & 1))
		return wrong(decoder, "a free's slot is not in use");
	if (event->kind == ATRACE_FREE_REMOTE && event->generation != *word >> 1)
		return wrong(decoder, "a free means another object than its slot's");
	*word &= ~1U;
	return true;
}

static void count(struct atrace *trace, const struct atrace_event *event)
{
	trace->by_kind[event->kind]++;
	trace->lane_events[event->lane]++;
	if (event->lane >= trace->lanes)
		trace->lanes = event->lane + 1U;
	if ((event->kind == ATRACE_KMALLOC || event->kind == ATRACE_KZALLOC) &&
	    event->what > trace->bytes_max)
		trace->bytes_max = event->what;
}

/* Blocks count only whole: what precedes the damage in one is not known to be good. */
static int scan_events(struct atrace *trace, struct atrace_decoder *decoder, uint64_t where,
		       const struct seen *seen)
{
	unsigned int n = decoder->left;
	struct atrace_event event;

	if (!n || n > ATRACE_BLOCK_EVENTS_MAX)
		return damaged(trace, where, "a block has an impossible number of events");
	for (; decoder->left; decoder->left--) {
		bool good = decode(decoder, &event);

		/* Also of what the damage is preceded by: it is looked at once more. */
		if (good && event.slot >= trace->slots[event.owner])
			trace->slots[event.owner] = event.slot + 1;
		if (!good || (seen && !follows(decoder, &event, seen)))
			return damaged(trace,
				       where + ATRACE_BLOCK_HEAD +
					       (uint64_t)(decoder->at - decoder->block),
				       decoder->why);
		count(trace, &event);
	}
	if (decoder->at != decoder->end)
		return damaged(trace, where, "a block holds more than its events");
	trace->events += n;
	trace->time = decoder->time;
	return 0;
}

static int scan_block(struct atrace *trace, struct atrace_decoder *decoder, const struct seen *seen,
		      bool *ends)
{
	uint64_t where = decoder->next;
	unsigned char head[ATRACE_BLOCK_HEAD];
	size_t bytes;

	if (where == trace->source.size)
		return damaged(trace, where, "it ends without totals: its recording was cut off");
	if (trace->source.size - where < ATRACE_BLOCK_HEAD)
		return damaged(trace, trace->source.size, "it ends within a block");
	if (!trace->source.read(trace->source.arg, where, head, ATRACE_BLOCK_HEAD))
		return damaged(trace, where, "it can't be read");
	bytes = get(head + ATRACE_BLOCK_BYTES, 4);
	if (atrace_crc(head, ATRACE_BLOCK_HEAD_CRC) != get(head + ATRACE_BLOCK_HEAD_CRC, 4) ||
	    bytes > ATRACE_BLOCK_BYTES_MAX || get(head + ATRACE_BLOCK_FIRST, 8) != trace->events ||
	    get(head + ATRACE_BLOCK_TIME, 8) != trace->time)
		return damaged(trace, where, "a block's head is damaged");
	if (trace->source.size - where - ATRACE_BLOCK_HEAD < bytes)
		return damaged(trace, trace->source.size, "it ends within a block");
	if (!block_payload(decoder, head))
		return damaged(trace, where, "it can't be read");
	if (atrace_crc(decoder->block, bytes) != get(head + ATRACE_BLOCK_CRC, 4))
		return damaged(trace, where, "a block is damaged");
	switch (get(head + ATRACE_BLOCK_TAG, 4)) {
	case ATRACE_TAG_EVENTS:
		return scan_events(trace, decoder, where, seen);
	case ATRACE_TAG_CACHES:
		return scan_cache(trace, decoder, where);
	case ATRACE_TAG_TOTALS:
		*ends = true;
		return scan_totals(trace, decoder, where);
	default:
		return damaged(trace, where, "a block is of no known kind");
	}
}

/* A slot is first used by an event, and no event is shorter than this. */
#define EVENT_MIN 2

/* What the totals tell. Not more than there are bytes for: memory is had for them unseen. */
static bool totals_slots(struct atrace *trace, const struct atrace_decoder *decoder)
{
	const unsigned char *at = decoder->at;
	uint64_t slots, lanes = 0, sum = 0;

	for (unsigned int i = 0; i < ATRACE_TOTALS && at < decoder->end; i++)
		lanes = get_number(&at);
	if (lanes > ATRACE_LANES_MAX)
		return false;
	for (unsigned int i = 0; i < lanes && at < decoder->end; i++) {
		slots = get_number(&at);
		if (slots > trace->source.size / EVENT_MIN - sum)
			return false;
		sum += slots;
		trace->slots[i] = (uint32_t)slots;
	}
	return at == decoder->end && sum <= ATRACE_SLOTS_MAX;
}

bool atrace_survey(struct atrace *trace, const struct atrace_source *source,
		   struct atrace_decoder *decoder)
{
	unsigned char head[ATRACE_BLOCK_HEAD];

	memset(trace, 0, sizeof(*trace));
	trace->source = *source;
	if (scan_head(trace, decoder->block))
		return false;
	atrace_rewind(decoder, trace);
	for (;;) {
		if (!block_head(decoder, head))
			return false;
		if (get(head + ATRACE_BLOCK_TAG, 4) == ATRACE_TAG_TOTALS)
			return block_payload(decoder, head) && totals_slots(trace, decoder);
		decoder->next += ATRACE_BLOCK_HEAD + get(head + ATRACE_BLOCK_BYTES, 4);
	}
}

uint64_t atrace_slots(const struct atrace *trace)
{
	uint64_t slots = 0;

	for (unsigned int i = 0; i < ATRACE_LANES_MAX; i++)
		slots += trace->slots[i];
	return slots;
}

int atrace_scan(struct atrace *trace, const struct atrace_source *source,
		struct atrace_decoder *decoder, uint32_t *seen)
{
	struct seen lanes;
	bool ends = false;
	int error;

	for (unsigned int i = 0; seen && i < ATRACE_LANES_MAX; i++) {
		lanes.lane[i] = seen;
		lanes.slots[i] = trace->slots[i];
		seen += trace->slots[i];
	}
	memset(trace, 0, sizeof(*trace));
	trace->source = *source;
	error = scan_head(trace, decoder->block);
	atrace_rewind(decoder, trace);
	while (!error && !ends)
		error = scan_block(trace, decoder, seen ? &lanes : NULL, &ends);
	if (trace->why && !trace->total[ATRACE_EVENTS])
		trace->total[ATRACE_EVENTS] = trace->events;
	return error;
}
