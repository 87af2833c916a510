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
	uint32_t *seen;

	copy.n = from.size;
	copy.at = malloc(copy.n);
	memcpy(copy.at, file, copy.n);
	atrace_scan(&trace, &from, &decoder, NULL);
	seen = calloc(atrace_slots(&trace) + 1, sizeof(*seen));
	expect(!atrace_scan(&trace, &from, &decoder, seen) == !trace.why);
	expect(trace.where <= from.size);
	if (trace.first)
		expect_history();
	free(seen);
	free(copy.at);
}

/* A block, sound but for one in 16. */
static void put_block(struct source *source)
{
	unsigned char *payload = end + ATRACE_BLOCK_HEAD, *at = payload;
	bool caches = source_below(source, 16) == 1;
	unsigned int events = caches ? 0 : 1 + source_below(source, 3);

	for (unsigned int i = 0; i < events; i++)
		at = put_event(source, at);
	if (caches)
		*at++ = any_number(source, 128);
	put(end + ATRACE_BLOCK_TAG, caches ? ATRACE_TAG_CACHES : ATRACE_TAG_EVENTS, 4);
	put(end + ATRACE_BLOCK_BYTES, (uint64_t)(at - payload), 4);
	put(end + ATRACE_BLOCK_EVENTS, events + (source_below(source, 32) == 1), 4);
	put(end + ATRACE_BLOCK_CRC, atrace_crc(payload, (size_t)(at - payload)), 4);
	put(end + ATRACE_BLOCK_FIRST, trace.events, 8);
	put(end + ATRACE_BLOCK_TIME, trace.time, 8);
	put(end + ATRACE_BLOCK_HEAD_CRC, atrace_crc(end, ATRACE_BLOCK_HEAD_CRC), 4);
	if (source_below(source, 32) == 1)
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
		begin = end;
		put_block(source);
		look();
		/* Damage: also what is left of it when it is cut; then another in its place. */
		if (trace.where != (uint64_t)(end - file)) {
			end -= 1 + source_below(source, (unsigned long)(end - begin));
			look();
			end = begin;
			look();
		}
		if (end > file + FILE_MAX / 2) {
			put_head();
			look();
		}
	}
}
