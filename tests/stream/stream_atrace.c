/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream_atrace.c - files that are nearly allocation traces: blocks of any events, possible or not,
 * with checksums that fit, mostly. Whatever they hold: nothing is read behind them, damage is told
 * with a place in them, and what is decoded as good is a history that can be: an allocation into
 * a vacant slot, a free of a slot in use, and of the object it means.
 */
#include "tests/stream/stream.h"

#include <stdlib.h>
#include <string.h>

#include "atrace.h"
#include "atrace_crc.h"

#define FILE_MAX 2048

#define LANES 3U
#define SLOTS 24U

/* What the events so far have done, as FORMAT.md has it. */
static struct history {
	unsigned int lane; /* of the last event */
	struct {
		unsigned int next, last, what;
		bool used[SLOTS];
		unsigned int generation[SLOTS];
	} of[LANES];
} history;

static unsigned char file[FILE_MAX], *end;
static struct atrace trace;
static struct atrace_decoder decoder;

static void put(unsigned char *to, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++, value >>= 8)
		to[i] = (unsigned char)value;
}

static void put_head(void)
{
	memset(file, 0, ATRACE_HEAD_TEXTS);
	memcpy(file, ATRACE_MAGIC, 8);
	put(file + ATRACE_HEAD_VERSION, ATRACE_VERSION, 2);
	put(file + ATRACE_HEAD_BYTES, ATRACE_HEAD_TEXTS + 4, 2);
	file[ATRACE_HEAD_ORIGIN] = ATRACE_USER;
	file[ATRACE_HEAD_UNIT] = ATRACE_UNIT_NS;
	put(file + ATRACE_HEAD_CPUS, 1, 2);
	put(file + ATRACE_HEAD_TEXTS, atrace_crc(file, ATRACE_HEAD_TEXTS), 4);
	end = file + ATRACE_HEAD_TEXTS + 4;
	history = (struct history){0};
}

/* A number that fits a byte, mostly; one in 64 goes on, as far as the next bytes let it. */
static unsigned char any_number(struct source *source, unsigned int below)
{
	if (source_below(source, 64) == 1)
		return (unsigned char)(128 | source_below(source, 128));
	return (unsigned char)source_below(source, below);
}

/* An event with all its parts, whether or not it is possible where it stands. */
static unsigned char *put_event(struct source *source, unsigned char *at)
{
	static const unsigned char alloc_places[] = {ATRACE_PLACE_NEXT, ATRACE_PLACE_NEXT,
						     ATRACE_PLACE_LAST, ATRACE_PLACE_NEAR};
	static const unsigned char free_places[] = {ATRACE_PLACE_LAST, ATRACE_PLACE_NEAR,
						    ATRACE_PLACE_NEAR, ATRACE_PLACE_NEXT};
	unsigned char kind = (unsigned char)(1 + source_below(source, ATRACE_KINDS)), *head = at++;
	unsigned int which = (unsigned int)source_below(source, 4);
	unsigned char place = atrace_is_alloc(kind) ? alloc_places[which] : free_places[which];

	*head = kind | place;
	if (source_below(source, 4) == 1) {
		*head |= ATRACE_OTHER_LANE;
		*at++ = any_number(source, 3);
	}
	*at++ = any_number(source, 128);
	if (kind == ATRACE_FREE_REMOTE)
		*at++ = any_number(source, 3);
	if (place == ATRACE_PLACE_NEAR)
		*at++ = any_number(source, 8);
	if (kind == ATRACE_FREE_REMOTE)
		*at++ = any_number(source, 4);
	if (!atrace_is_alloc(kind))
		return at;
	if (source_below(source, 4) == 1)
		*head |= ATRACE_SAME_WHAT;
	else
		*at++ = any_number(source, 12);
	return at;
}

/* --- Events that are possible where they stand --- */

static unsigned char *put_number(unsigned char *at, unsigned long value)
{
	for (; value >= 128; value >>= 7)
		*at++ = (unsigned char)(value | 128);
	*at++ = (unsigned char)value;
	return at;
}

/* The first from a place on that is, or is not, in use; SLOTS: there is none. */
static unsigned int find_slot(struct source *source, unsigned int owner, bool used)
{
	unsigned int from = (unsigned int)source_below(source, SLOTS);

	for (unsigned int i = 0; i < SLOTS; i++) {
		unsigned int slot = (from + i) % SLOTS;

		if (slot <= history.of[owner].next && history.of[owner].used[slot] == used)
			return slot;
	}
	return SLOTS;
}

static unsigned int possible_what(struct source *source, unsigned char kind)
{
	switch (kind) {
	case ATRACE_CACHE:
	case ATRACE_CACHE_ZEROED:
		return (unsigned int)source_below(source, trace.nr_caches);
	case ATRACE_PAGES:
	case ATRACE_PAGES_ZEROED:
		return (unsigned int)source_below(source, ATRACE_ORDER_MAX + 1);
	default:
		return 1 + (unsigned int)source_below(source, 1000);
	}
}

static unsigned char *put_place(unsigned char *at, unsigned char *head, unsigned int owner,
				unsigned int slot)
{
	int distance = (int)slot - (int)history.of[owner].last;

	history.of[owner].last = slot;
	if (slot == history.of[owner].next) {
		history.of[owner].next++;
		*head |= ATRACE_PLACE_NEXT;
		return at;
	}
	if (!distance) {
		*head |= ATRACE_PLACE_LAST;
		return at;
	}
	return put_number(at, distance < 0 ? (unsigned long)(-distance - 1) << 1 | 1
					   : (unsigned long)distance << 1);
}

static unsigned char *put_possible(struct source *source, unsigned char *at)
{
	unsigned int lane = (unsigned int)source_below(source, LANES);
	unsigned int owner = (unsigned int)source_below(source, LANES);
	bool alloc = source_below(source, 2);
	unsigned int slot = alloc ? SLOTS : find_slot(source, owner, true);
	unsigned char kind = ATRACE_FREE_REMOTE, *head = at++;
	unsigned int what = 0;

	if (slot == SLOTS) {
		owner = lane;
		slot = find_slot(source, owner, false);
		alloc = slot != SLOTS;
		if (!alloc)
			slot = find_slot(source, owner, true);
	}
	if (alloc) {
		kind = (unsigned char)(1 + source_below(source, ATRACE_AREA));
		if (!trace.nr_caches && (kind == ATRACE_CACHE || kind == ATRACE_CACHE_ZEROED))
			kind = ATRACE_KMALLOC;
		what = possible_what(source, kind);
	} else if (owner == lane) {
		kind = source_below(source, 2) ? ATRACE_FREE : ATRACE_FREE_END;
	}
	*head = kind;
	if (lane != history.lane || source_below(source, 8) == 1) {
		*head |= ATRACE_OTHER_LANE;
		*at++ = (unsigned char)lane;
	}
	history.lane = lane;
	at = put_number(at, source_below(source, 300));
	if (kind == ATRACE_FREE_REMOTE)
		*at++ = (unsigned char)owner;
	at = put_place(at, head, owner, slot);
	if (kind == ATRACE_FREE_REMOTE)
		at = put_number(at, history.of[owner].generation[slot]);
	history.of[owner].used[slot] = alloc;
	history.of[owner].generation[slot] += alloc;
	if (!alloc)
		return at;
	if (what == history.of[lane].what)
		*head |= ATRACE_SAME_WHAT;
	else
		at = put_number(at, what);
	history.of[lane].what = what;
	return at;
}

/* True, or one of them is not. */
static unsigned char *put_totals(struct source *source, unsigned char *at)
{
	for (unsigned int i = 0; i < ATRACE_TOTALS; i++) {
		unsigned long value = i == ATRACE_EVENTS  ? trace.events
				      : i == ATRACE_LANES ? trace.lanes
							  : source_below(source, 200);

		at = put_number(at, value + (source_below(source, 64) == 1));
	}
	for (unsigned int i = 0; i < trace.lanes; i++)
		at = put_number(at, trace.slots[i] + (source_below(source, 16) == 1));
	return at;
}

/* Of exactly its size, so that a sanitizer sees what is read behind it. */
static struct {
	unsigned char *at;
	size_t n;
} copy;

static bool read_copy(void *arg, uint64_t offset, void *to, size_t bytes)
{
	(void)arg;
	expect(offset <= copy.n && bytes <= copy.n - offset);
	memcpy(to, copy.at + offset, bytes);
	return true;
}

static void expect_history(void)
{
	struct atrace_event event;
	uint32_t *words = calloc(atrace_slots(&trace) + 1, sizeof(*words)), *of[ATRACE_LANES_MAX];
	uint64_t n = 0;

	of[0] = words;
	for (unsigned int i = 1; i < ATRACE_LANES_MAX; i++)
		of[i] = of[i - 1] + trace.slots[i - 1];
	for (atrace_rewind(&decoder, &trace); atrace_next(&decoder, &event); n++) {
		uint32_t *word = &of[event.owner][event.slot];

		expect(event.owner < ATRACE_LANES_MAX && event.lane < ATRACE_LANES_MAX);
		expect(event.slot < trace.slots[event.owner]);
		expect((*word & 1) != atrace_is_alloc(event.kind));
		*word += atrace_is_alloc(event.kind) ? 3 : -1U;
		if (event.kind == ATRACE_FREE_REMOTE)
			expect(event.generation == *word >> 1);
	}
	expect(n == trace.events);
	free(words);
}

/* Is the file what it says, as far as it says so? */
static void look(void)
{
	struct atrace_source from = {.read = read_copy, .size = (uint64_t)(end - file)};
	bool by_totals = false;
	uint32_t *seen;

	copy.n = from.size;
	copy.at = malloc(copy.n);
	memcpy(copy.at, file, copy.n);
	if (atrace_survey(&trace, &from, &decoder)) {
		expect(atrace_slots(&trace) <= from.size);
		seen = calloc(atrace_slots(&trace) + 1, sizeof(*seen));
		by_totals = !atrace_scan(&trace, &from, &decoder, seen);
		free(seen);
	}
	atrace_scan(&trace, &from, &decoder, NULL);
	seen = calloc(atrace_slots(&trace) + 1, sizeof(*seen));
	expect(!atrace_scan(&trace, &from, &decoder, seen) == !trace.why);
	expect(!trace.why == by_totals);
	expect(trace.where <= from.size);
	if (trace.first)
		expect_history();
	free(seen);
	free(copy.at);
}

/* What is not possible is in one of four; of others one in 16 is damaged. */
static uint32_t put_payload(struct source *source, unsigned char **at, unsigned int *events)
{
	unsigned long which = source_below(source, 16);

	*events = 0;
	if (which == 1) {
		*at = put_number(*at, 1 + source_below(source, 5000));
		return ATRACE_TAG_CACHES;
	}
	if (which == 2) {
		*at = put_totals(source, *at);
		return ATRACE_TAG_TOTALS;
	}
	*events = 1 + (unsigned int)source_below(source, 8);
	for (unsigned int i = 0; i < *events; i++)
		*at = which < 12 || source_below(source, 2) ? put_possible(source, *at)
							    : put_event(source, *at);
	return ATRACE_TAG_EVENTS;
}

static void put_block(struct source *source)
{
	unsigned char *payload = end + ATRACE_BLOCK_HEAD, *at = payload;
	unsigned int events;
	uint32_t tag = put_payload(source, &at, &events);

	put(end + ATRACE_BLOCK_TAG, tag, 4);
	put(end + ATRACE_BLOCK_BYTES, (uint64_t)(at - payload), 4);
	put(end + ATRACE_BLOCK_EVENTS, events + (source_below(source, 32) == 1), 4);
	put(end + ATRACE_BLOCK_CRC, atrace_crc(payload, (size_t)(at - payload)), 4);
	put(end + ATRACE_BLOCK_FIRST, trace.events, 8);
	put(end + ATRACE_BLOCK_TIME, trace.time, 8);
	put(end + ATRACE_BLOCK_HEAD_CRC, atrace_crc(end, ATRACE_BLOCK_HEAD_CRC), 4);
	if (source_below(source, 16) == 1)
		end[source_below(source, (unsigned long)(at - end))] ^= 1U
									<< source_below(source, 8);
	end = at;
}

void stream_atrace(struct source *source, struct tri_core *core)
{
	unsigned char *begin;

	(void)core;
	put_head();
	look();
	while (source_more(source)) {
		struct history before = history;

		begin = end;
		put_block(source);
		look();
		/* Damage: also what is left of it when it is cut; then another in its place. */
		if (trace.why && trace.where != (uint64_t)(end - file)) {
			end -= 1 + source_below(source, (unsigned long)(end - begin));
			look();
			end = begin;
			history = before;
			look();
		}
		if (!trace.why || end > file + FILE_MAX / 2) {
			put_head();
			look();
		}
	}
}
