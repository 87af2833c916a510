/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_atrace_events.c - allocation traces written byte by byte, with right checksums: each rule
 * of the format is broken alone, and refused by its own words; at its border it holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "atrace.h"
#include "atrace_crc.h"

#define HEAD (ATRACE_HEAD_TEXTS + 4)

static struct {
	unsigned char at[1024];
	size_t n;
	uint64_t events, time; /* of the blocks so far */
} file;
static struct atrace trace;
static struct atrace_decoder decoder;

static void put(unsigned char *to, uint64_t value, unsigned int bytes)
{
	for (; bytes; bytes--, value >>= 8)
		*to++ = (unsigned char)value;
}

static void begin(void)
{
	memset(&file, 0, sizeof(file));
	memcpy(file.at, ATRACE_MAGIC, 8);
	put(file.at + ATRACE_HEAD_VERSION, ATRACE_VERSION, 2);
	put(file.at + ATRACE_HEAD_BYTES, HEAD, 2);
	file.at[ATRACE_HEAD_ORIGIN] = ATRACE_USER;
	file.at[ATRACE_HEAD_UNIT] = ATRACE_UNIT_NS;
	put(file.at + ATRACE_HEAD_CPUS, 1, 2);
	put(file.at + HEAD - 4, atrace_crc(file.at, HEAD - 4), 4);
	file.n = HEAD;
}

static void block(uint32_t tag, const char *payload, size_t bytes, unsigned int events)
{
	unsigned char *head = file.at + file.n;

	assert_true(file.n + ATRACE_BLOCK_HEAD + bytes <= sizeof(file.at));
	put(head + ATRACE_BLOCK_TAG, tag, 4);
	put(head + ATRACE_BLOCK_BYTES, bytes, 4);
	put(head + ATRACE_BLOCK_EVENTS, events, 4);
	put(head + ATRACE_BLOCK_CRC, atrace_crc(payload, bytes), 4);
	put(head + ATRACE_BLOCK_FIRST, file.events, 8);
	put(head + ATRACE_BLOCK_TIME, file.time, 8);
	put(head + ATRACE_BLOCK_HEAD_CRC, atrace_crc(head, ATRACE_BLOCK_HEAD_CRC), 4);
	memcpy(head + ATRACE_BLOCK_HEAD, payload, bytes);
	file.n += ATRACE_BLOCK_HEAD + bytes;
	file.events += events;
}

/* Of lanes of which the first used a slot, each of the others @slots. */
static void totals(unsigned int events, unsigned int lanes, unsigned int slots)
{
	char payload[ATRACE_TOTALS + ATRACE_LANES_MAX] = {0};

	payload[ATRACE_EVENTS] = (char)events;
	payload[ATRACE_LANES] = (char)lanes;
	memset(payload + ATRACE_TOTALS, (int)slots, lanes);
	payload[ATRACE_TOTALS] = 1;
	block(ATRACE_TAG_TOTALS, payload, ATRACE_TOTALS + lanes, 0);
}

static bool read_file(void *arg, uint64_t offset, void *to, size_t n)
{
	(void)arg;
	assert_true(offset <= file.n && n <= file.n - offset);
	memcpy(to, file.at + offset, n);
	return true;
}

/* As recorded.c does it with a file whose totals are not to be trusted. */
static void scan(void)
{
	struct atrace_source source = {read_file, NULL, file.n};
	uint32_t *seen;

	atrace_scan(&trace, &source, &decoder, NULL);
	seen = calloc(atrace_slots(&trace) + 1, sizeof(*seen));
	assert_non_null(seen);
	atrace_scan(&trace, &source, &decoder, seen);
	free(seen);
}

static void expect_why(const char *what, const char *why)
{
	scan();
	if (!why == !trace.why && (!why || !strcmp(why, trace.why)))
		return;
	fail_msg("%s: \"%s\", not \"%s\"", what, trace.why ?: "accepted", why ?: "accepted");
}

/* kmalloc(64) into the lane's next slot, and what frees it; each a time unit after the last. */
#define ALLOC "\x21\x01\x40"
#define FREE  "\x18\x01"

#define KIND	"an event is of no known kind"
#define CANT	"an event's slot can't be"
#define NO_WAY	"an event's slot is given in no known way"
#define UNUSED	"an event names a slot that was never used"
#define IN_USE	"an allocation's slot is in use"
#define VACANT	"a free's slot is not in use"
#define ANOTHER "a free means another object than its slot's"
#define WHAT	"an event's size, order or cache can't be"
#define LANE	"an event's lane is beyond the last"
#define BEHIND	"an event goes on behind its block"
#define MORE	"a block holds more than its events"
#define NUMBER	"a block has an impossible number of events"

static void each_event_must_be_possible(void **state)
{
#define EVENTS(text) text, sizeof(text) - 1
	static const struct {
		const char *name, *bytes;
		size_t n;
		unsigned int events, lanes;
		const char *why;
	} all[] = {
		{"a pair", EVENTS(ALLOC FREE), 2, 1, NULL},
		{"used again", EVENTS(ALLOC FREE "\x11\x01\x40" FREE), 4, 1, NULL},
		{"by distance 0", EVENTS(ALLOC FREE "\x01\x01\x00\x40" FREE), 4, 1, NULL},
		{"no kind", EVENTS("\x20\x01\x40"), 1, 1, KIND},
		{"beyond the last kind", EVENTS(ALLOC "\x1b\x01"), 2, 1, KIND},
		{"a free of a new slot", EVENTS(ALLOC "\x28\x01"), 2, 1, CANT},
		{"an unknown place", EVENTS(ALLOC "\x38\x01"), 2, 1, NO_WAY},
		{"a first free", EVENTS(FREE), 1, 1, UNUSED},
		{"behind the last slot", EVENTS(ALLOC "\x01\x01\x02\x40"), 2, 1, UNUSED},
		{"before the first slot", EVENTS(ALLOC "\x01\x01\x01\x40"), 2, 1, UNUSED},
		{"allocated twice", EVENTS(ALLOC "\x11\x01\x40"), 2, 1, IN_USE},
		{"freed twice", EVENTS(ALLOC FREE FREE), 3, 1, VACANT},
		{"by another lane", EVENTS(ALLOC "\x59\x01\x01\x00\x01"), 2, 2, NULL},
		{"none freed by another lane", EVENTS(ALLOC "\x59\x01\x01\x00\x00"), 2, 2, ANOTHER},
		{"the next freed by another lane", EVENTS(ALLOC "\x59\x01\x01\x00\x02"), 2, 2,
		 ANOTHER},
		{"the last freed by another lane",
		 EVENTS(ALLOC FREE "\x11\x01\x40\x59\x01\x01\x00\x01"), 4, 2, ANOTHER},
		{"no bytes", EVENTS("\x21\x01\x00"), 1, 1, WHAT},
		{"the most bytes", EVENTS("\x21\x01\x80\x80\x80\x80\x80\x20" FREE), 2, 1, NULL},
		{"more bytes", EVENTS("\x21\x01\x81\x80\x80\x80\x80\x20"), 1, 1, WHAT},
		{"the highest order", EVENTS("\x25\x01\x0a" FREE), 2, 1, NULL},
		{"a higher order", EVENTS("\x25\x01\x0b"), 1, 1, WHAT},
		{"a higher order, zeroed", EVENTS("\x26\x01\x0b"), 1, 1, WHAT},
		{"the cache", EVENTS("\x23\x01\x00" FREE), 2, 1, NULL},
		{"no such cache", EVENTS("\x23\x01\x01"), 1, 1, WHAT},
		{"no such cache, zeroed", EVENTS("\x24\x01\x01"), 1, 1, WHAT},
		{"as large as the last", EVENTS(ALLOC FREE "\x91\x01" FREE), 4, 1, NULL},
		{"as large as none", EVENTS("\xa1\x01"), 1, 1, WHAT},
		{"a lane too many", EVENTS("\x61\x40\x01\x40"), 1, 1, LANE},
		{"an owner too many", EVENTS(ALLOC "\x59\x01\x01\x40\x01"), 2, 2, LANE},
		{"half an event", EVENTS(ALLOC "\x18"), 2, 1, BEHIND},
		{"an event too many", EVENTS(ALLOC FREE), 1, 1, MORE},
		{"no event", EVENTS(ALLOC FREE), 0, 1, NUMBER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		begin();
		block(ATRACE_TAG_CACHES, "\x40", 1, 0);
		block(ATRACE_TAG_EVENTS, all[i].bytes, all[i].n, all[i].events);
		file.time = all[i].events;
		/* The second lane never allocates. */
		totals(all[i].events, all[i].lanes, 0);
		expect_why(all[i].name, all[i].why);
		assert_int_equal(trace.events, all[i].why ? 0 : all[i].events);
		assert_int_equal(trace.total[ATRACE_EVENTS], trace.events);
	}
}

#define DAMAGED "a block's head is damaged"

/* Blocks that are sound each by itself, and don't follow from one another. */
static void blocks_must_follow_from_each_other(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		begin();
		block(ATRACE_TAG_EVENTS, ALLOC FREE, 5, 2);
		file.time = 2 + (i == 1);
		file.events = 2 + (i == 2);
		block(ATRACE_TAG_EVENTS, "\x11\x01\x40" FREE, 5, 2);
		file.time = 4;
		file.events = 4;
		totals(4, 1, 0);
		expect_why("a second block", i ? DAMAGED : NULL);
		assert_int_equal(trace.events, i ? 2 : 4);
		assert_int_equal(trace.total[ATRACE_EVENTS], trace.events);
		assert_int_equal(trace.time, i ? 2 : 4);
	}
}

static void totals_must_be_those_of_the_events(void **state)
{
	static const struct {
		unsigned int events, lanes;
		size_t more;
		const char *why;
	} all[] = {
		{2, 1, 0, NULL},
		{1, 1, 0, "its totals are not those of its events"},
		{3, 1, 0, "its totals are not those of its events"},
		{2, 2, 0, "its totals are not those of its events"},
		{2, 1, 1, "something follows its totals"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		begin();
		block(ATRACE_TAG_EVENTS, ALLOC FREE, 5, 2);
		file.time = 2;
		totals(all[i].events, all[i].lanes, 1);
		file.n += all[i].more;
		expect_why("totals", all[i].why);
	}
}

static void caches_have_objects_of_some_size(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *why;
	} all[] = {
		{"\x01", 1, NULL},
		{"\x00", 1, "a cache can't be"},
		{"\x80\x80\x40", 3, NULL},
		{"\x81\x80\x40", 3, "a cache can't be"},
		{"\x80", 1, "a cache can't be"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		begin();
		block(ATRACE_TAG_CACHES, all[i].bytes, all[i].n, 0);
		block(ATRACE_TAG_EVENTS, "\x23\x01\x00" FREE, 5, 2);
		file.time = 2;
		totals(2, 1, 0);
		expect_why("a cache", all[i].why);
	}
	assert_int_equal(trace.nr_caches, 0);
}

/* What a workload asks before it replays: kinds, lanes, the largest request. */
static void what_there_is_is_counted(void **state)
{
	static const char events[] = ALLOC FREE "\x12\x01\x60" FREE "\x65\x02\x01\x03\x18\x02";

	(void)state;
	begin();
	block(ATRACE_TAG_EVENTS, events, sizeof(events) - 1, 6);
	scan();
	assert_string_equal(trace.why, "it ends without totals: its recording was cut off");
	assert_int_equal(trace.events, 6);
	assert_int_equal(trace.time, 7);
	assert_int_equal(trace.lanes, 3);
	assert_int_equal(trace.by_kind[ATRACE_KMALLOC], 1);
	assert_int_equal(trace.by_kind[ATRACE_KZALLOC], 1);
	assert_int_equal(trace.by_kind[ATRACE_PAGES], 1);
	assert_int_equal(trace.by_kind[ATRACE_FREE], 3);
	assert_int_equal(trace.lane_events[0], 4);
	assert_int_equal(trace.lane_events[2], 2);
	/* An order is no number of bytes. */
	assert_int_equal(trace.bytes_max, 0x60);
	assert_int_equal(trace.slots[0], 1);
	assert_int_equal(trace.slots[2], 1);
}

/* Its objects have memory for as many slots as there were when it was looked through. */
static void a_file_that_changes_ends_where_it_does(void **state)
{
	struct atrace_event event;

	(void)state;
	begin();
	block(ATRACE_TAG_EVENTS, ALLOC FREE "\x11\x01\x40" FREE, 10, 4);
	file.time = 4;
	totals(4, 1, 0);
	expect_why("whole", NULL);
	file.at[trace.first + ATRACE_BLOCK_HEAD + 5] = 0x21;
	atrace_rewind(&decoder, &trace);
	for (unsigned int i = 0; i < 2; i++) {
		assert_true(atrace_next(&decoder, &event));
		assert_int_equal(event.slot, 0);
	}
	assert_false(atrace_next(&decoder, &event));
	/* From the start again: nothing of the last time stays. */
	file.at[trace.first + ATRACE_BLOCK_HEAD + 5] = 0x11;
	for (unsigned int again = 0; again < 2; again++) {
		atrace_rewind(&decoder, &trace);
		for (unsigned int i = 1; i <= 4; i++) {
			assert_true(atrace_next(&decoder, &event));
			assert_int_equal(event.slot, 0);
			assert_int_equal(event.time, i);
		}
		assert_false(atrace_next(&decoder, &event));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_event_must_be_possible),
		cmocka_unit_test(blocks_must_follow_from_each_other),
		cmocka_unit_test(totals_must_be_those_of_the_events),
		cmocka_unit_test(caches_have_objects_of_some_size),
		cmocka_unit_test(what_there_is_is_counted),
		cmocka_unit_test(a_file_that_changes_ends_where_it_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
