/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_atrace.c - allocation traces: what is written is read again, event by event; a file that is
 * cut at any byte, has any bit flipped, or is anything else, is refused, with nothing read beyond
 * it, and what precedes the damage is what was written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "atrace_crc.h"
#include "random.h"
#include "trace_maker.h"

/* A file in memory; of exactly its size, so that a sanitizer sees what is read behind it. */
struct bytes {
	unsigned char *at;
	size_t n;
};

static struct bytes written(const struct trace_shape *shape, struct trace_history *history)
{
	int fd = memfd_create("trace", MFD_CLOEXEC);
	struct bytes bytes;
	struct stat is;

	assert_true(fd >= 0);
	trace_make(fd, shape, history);
	assert_int_equal(fstat(fd, &is), 0);
	bytes.n = (size_t)is.st_size;
	bytes.at = malloc(bytes.n);
	assert_non_null(bytes.at);
	assert_int_equal(pread(fd, bytes.at, bytes.n, 0), bytes.n);
	close(fd);
	return bytes;
}

static bool read_bytes(void *arg, uint64_t offset, void *to, size_t n)
{
	const struct bytes *bytes = arg;

	assert_true(offset <= bytes->n && n <= bytes->n - offset);
	memcpy(to, bytes->at + offset, n);
	return true;
}

static struct atrace trace;
static struct atrace_decoder decoder;

/* With as many slots as its totals tell: 0 if these are true and it is whole. */
static int scan_by_totals(struct bytes *bytes)
{
	struct atrace_source source = {read_bytes, bytes, bytes->n};
	uint32_t *seen;
	int error;

	if (!atrace_survey(&trace, &source, &decoder))
		return -1;
	/* Memory is had for them. */
	assert_true(atrace_slots(&trace) <= bytes->n / 2);
	seen = calloc(atrace_slots(&trace) + 1, sizeof(*seen));
	assert_non_null(seen);
	error = atrace_scan(&trace, &source, &decoder, seen);
	free(seen);
	return error;
}

/* As recorded.c does it; the shorter way, where it leads anywhere, must lead to the same. */
static int scan(struct bytes *bytes)
{
	struct atrace_source source = {read_bytes, bytes, bytes->n};
	int error, by_totals = scan_by_totals(bytes);
	uint64_t slots = atrace_slots(&trace);
	uint32_t *seen;

	atrace_scan(&trace, &source, &decoder, NULL);
	assert_true(by_totals || slots == atrace_slots(&trace));
	seen = calloc(atrace_slots(&trace) + 1, sizeof(*seen));
	assert_non_null(seen);
	error = atrace_scan(&trace, &source, &decoder, seen);
	free(seen);
	assert_int_equal(!!error, !!trace.why);
	assert_int_equal(!!error, !!by_totals);
	return error;
}

/* What is in each slot, by object. */
struct model {
	uint32_t *object[ATRACE_LANES_MAX];
};

/* The first @n events are those of @history; ends may be in another order. */
static void expect_history(const struct trace_history *history, uint64_t n)
{
	struct model model;
	struct atrace_event event;
	uint64_t calls = history->n, seen = 0, frees = 0;
	uint32_t objects = 0;

	for (unsigned int i = 0; i < ATRACE_LANES_MAX; i++) {
		model.object[i] = calloc(trace.slots[i] + 1, sizeof(uint32_t));
		assert_non_null(model.object[i]);
	}
	atrace_rewind(&decoder, &trace);
	for (; atrace_next(&decoder, &event); seen++) {
		const struct trace_step *step = &history->step[seen];

		assert_true(event.slot < trace.slots[event.owner]);
		if (seen >= calls) {
			assert_int_equal(event.kind, ATRACE_FREE_END);
			frees++;
			continue;
		}
		assert_int_equal(event.kind, step->kind);
		assert_int_equal(event.lane, step->lane);
		assert_int_equal(event.time, step->time);
		if (atrace_is_alloc(event.kind)) {
			assert_int_equal(event.what, step->what);
			model.object[event.lane][event.slot] = objects++;
		} else {
			assert_int_equal(model.object[event.owner][event.slot], step->object);
			frees++;
		}
	}
	assert_int_equal(seen, n);
	if (!trace.why)
		assert_int_equal(objects, frees);
	for (unsigned int i = 0; i < ATRACE_LANES_MAX; i++)
		free(model.object[i]);
}

static const struct trace_shape shapes[] = {
	{.seed = 1, .calls = 1, .lanes = 1, .live = 1},
	{.seed = 2, .calls = 20000, .lanes = 1, .live = 1},
	{.seed = 3, .calls = 30000, .lanes = 3, .live = 500, .remote = 30, .caches = true},
	{.seed = 4, .calls = 30000, .lanes = 64, .live = 5000, .remote = 90, .pages = true},
	{.seed = 5, .calls = 9000, .lanes = 7, .live = 9000, .remote = 5, .areas = true},
};

static void what_is_written_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct trace_history history = {0};
		struct bytes bytes = written(&shapes[i], &history);

		assert_int_equal(scan(&bytes), 0);
		assert_string_equal(trace.command, "made up");
		assert_int_equal(trace.events, history.totals.events);
		assert_int_equal(trace.total[ATRACE_LIVE_MAX], history.totals.live_max);
		assert_int_equal(trace.total[ATRACE_FREES], trace.total[ATRACE_ALLOCS]);
		/* Slots are used again: no more than lived at one time, in each lane. */
		assert_true(atrace_slots(&trace) <= history.totals.live_max * trace.lanes);
		expect_history(&history, trace.events);
		trace_history_free(&history);
		free(bytes.at);
	}
}

/* Cut anywhere: whole blocks are good, and nothing else. */
static void a_cut_file_is_good_up_to_its_last_block(void **state)
{
	struct trace_history history = {0};
	struct bytes whole = written(&shapes[2], &history);

	(void)state;
	for (size_t n = 0; n < whole.n; n += n < 200 || whole.n - n < 200 ? 1 : 977) {
		struct bytes cut = {malloc(n + !n), n};

		assert_non_null(cut.at);
		memcpy(cut.at, whole.at, n);
		assert_int_not_equal(scan(&cut), 0);
		assert_true(trace.where <= n);
		if (trace.first)
			expect_history(&history, trace.events);
		free(cut.at);
	}
	trace_history_free(&history);
	free(whole.at);
}

static void any_flipped_bit_is_seen(void **state)
{
	static const struct trace_shape small = {
		.seed = 9, .calls = 400, .lanes = 3, .live = 50, .remote = 30, .caches = true};
	struct trace_history history = {0};
	struct bytes bytes = written(&small, &history);

	(void)state;
	for (size_t bit = 0; bit < 8 * bytes.n; bit++) {
		bytes.at[bit / 8] ^= 1U << bit % 8;
		assert_int_not_equal(scan(&bytes), 0);
		assert_true(trace.where <= bytes.n);
		bytes.at[bit / 8] ^= 1U << bit % 8;
	}
	assert_int_equal(scan(&bytes), 0);
	trace_history_free(&history);
	free(bytes.at);
}

static void put_crc(unsigned char *to, uint32_t crc)
{
	for (int i = 0; i < 4; i++, crc >>= 8)
		to[i] = (unsigned char)crc;
}

/* Checksums that fit what is not a trace: each event must follow from those before. */
static void nonsense_with_right_checksums_is_refused(void **state)
{
	static const struct trace_shape small = {
		.seed = 10, .calls = 300, .lanes = 3, .live = 50, .remote = 30};
	struct trace_history history = {0};
	struct bytes bytes = written(&small, &history);
	struct bench_random random;
	unsigned char *block, *payload, was[4];
	unsigned int refused = 0;
	size_t length;

	(void)state;
	assert_int_equal(scan(&bytes), 0);
	block = bytes.at + trace.first;
	payload = block + ATRACE_BLOCK_HEAD;
	length = (size_t)block[ATRACE_BLOCK_BYTES] | (size_t)block[ATRACE_BLOCK_BYTES + 1] << 8;
	bench_random_seed(&random, 1, 0);
	for (unsigned int i = 0; i < 20000; i++) {
		struct atrace_event event;
		size_t at = bench_random_below(&random, (uint32_t)length - 3);

		memcpy(was, payload + at, 4);
		for (unsigned int k = 0; k < 4; k++)
			if (bench_random_below(&random, 2))
				payload[at + k] = (unsigned char)bench_random(&random);
		put_crc(block + ATRACE_BLOCK_CRC, atrace_crc(payload, length));
		put_crc(block + ATRACE_BLOCK_HEAD_CRC, atrace_crc(block, ATRACE_BLOCK_HEAD_CRC));
		refused += !!scan(&bytes);
		/* Good or not, what is decoded stays within its slots. */
		for (atrace_rewind(&decoder, &trace); atrace_next(&decoder, &event);)
			assert_true(event.slot < trace.slots[event.owner]);
		memcpy(payload + at, was, 4);
	}
	/* A size may be another and the trace a trace. */
	assert_true(refused > 10000);
	trace_history_free(&history);
	free(bytes.at);
}

static void foreign_files_are_refused(void **state)
{
	static const char *const texts[] = {"",
					    "x",
					    "#!/bin/sh\nexit 0\n",
					    ATRACE_MAGIC,
					    ATRACE_MAGIC "\x02\x00\x30\x00",
					    ATRACE_MAGIC "\x01\x00\xff\xff"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct bytes bytes = {(unsigned char *)texts[i], strlen(texts[i])};

		assert_int_not_equal(scan(&bytes), 0);
		assert_int_equal(trace.first, 0);
		assert_int_equal(trace.events, 0);
	}
}

/* Totals that promise more than there is: the events say how many slots there are. */
static void totals_that_lie_are_not_believed(void **state)
{
	static const struct trace_shape small = {.seed = 11, .calls = 100, .lanes = 1, .live = 10};
	struct trace_history history = {0};
	struct bytes bytes = written(&small, &history);
	unsigned char *block, *slots = bytes.at + bytes.n - 1;
	size_t totals;

	(void)state;
	assert_int_equal(scan(&bytes), 0);
	assert_true(*slots == trace.slots[0] && *slots < 100);
	block = slots - ATRACE_BLOCK_HEAD;
	while (memcmp(block, "TOTL", 4))
		block--;
	totals = (size_t)(slots + 1 - block) - ATRACE_BLOCK_HEAD;
	for (*slots = 0; *slots < 128; ++*slots) {
		put_crc(block + ATRACE_BLOCK_CRC, atrace_crc(block + ATRACE_BLOCK_HEAD, totals));
		put_crc(block + ATRACE_BLOCK_HEAD_CRC, atrace_crc(block, ATRACE_BLOCK_HEAD_CRC));
		assert_int_equal(!scan(&bytes), *slots == trace.slots[0]);
		assert_int_equal(trace.events, history.totals.events);
	}
	trace_history_free(&history);
	free(bytes.at);
}

static void odd_calls_are_counted(void **state)
{
	static const struct atrace_info info = {
		.origin = ATRACE_KERNEL, .cpus = 1, .command = "", .system = ""};
	int fd = memfd_create("trace", MFD_CLOEXEC);
	struct atrace_writer *writer = atrace_writer_open(fd, &info);
	struct atrace_who who = {100, 0, 0}, other = {50, 1, 0}, space = {200, 0, 7};
	struct atrace_totals totals;
	enum atrace_kind kind;
	uint64_t what;

	(void)state;
	assert_non_null(writer);
	assert_int_equal(atrace_writer_free(writer, &who, ATRACE_OBJECTS, 0x1000), 0);
	assert_int_equal(atrace_writer_free(writer, &who, ATRACE_OBJECTS, 0), 0);
	assert_int_equal(atrace_writer_alloc(writer, &who, ATRACE_KMALLOC, 0x1000, 64), 0);
	/* Another class, another space: other memory. */
	assert_int_equal(atrace_writer_alloc(writer, &who, ATRACE_PAGES, 0x1000, 0), 0);
	assert_int_equal(atrace_writer_alloc(writer, &space, ATRACE_KMALLOC, 0x1000, 32), 0);
	assert_true(atrace_writer_find(writer, 7, ATRACE_OBJECTS, 0x1000, &kind, &what));
	assert_int_equal(what, 32);
	/* Its free was not seen; and the time goes back. */
	assert_int_equal(atrace_writer_alloc(writer, &other, ATRACE_KMALLOC, 0x1000, 16), 0);
	assert_int_equal(atrace_writer_alloc(writer, &who, ATRACE_KMALLOC, 0x2000, 0), 0);
	assert_int_equal(atrace_writer_alloc(writer, &who, ATRACE_CACHE, 0x2000, 0), -22);
	assert_int_equal(atrace_writer_space_end(writer, 300, 7), 0);
	assert_false(atrace_writer_find(writer, 7, ATRACE_OBJECTS, 0x1000, &kind, &what));
	atrace_writer_lost(writer, 3);
	assert_int_equal(atrace_writer_close(writer, &totals), 0);
	assert_int_equal(totals.unknown, 1);
	assert_int_equal(totals.reused, 1);
	assert_true(totals.late >= 1);
	assert_int_equal(totals.refused, 1);
	assert_int_equal(totals.lost, 3);
	assert_int_equal(totals.allocs, 4);
	assert_int_equal(totals.frees, 4);
	assert_int_equal(totals.ended, 4);
	assert_int_equal(totals.live, 0);
	close(fd);
}

static void a_full_disk_is_told(void **state)
{
	static const struct atrace_info info = {
		.origin = ATRACE_USER, .cpus = 1, .command = "", .system = ""};
	struct atrace_who who = {0};
	struct atrace_writer *writer;
	FILE *full = fopen("/dev/full", "we");
	int fds[2];

	(void)state;
	assert_non_null(full);
	assert_null(atrace_writer_open(fileno(full), &info));
	fclose(full);
	/* A pipe will do, until nobody reads it. */
	assert_int_equal(pipe(fds), 0);
	writer = atrace_writer_open(fds[1], &info);
	assert_non_null(writer);
	assert_int_equal(atrace_writer_alloc(writer, &who, ATRACE_KMALLOC, 16, 16), 0);
	assert_int_equal(atrace_writer_flush(writer), 0);
	assert_int_equal(atrace_writer_close(writer, NULL), 0);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_cut_file_is_good_up_to_its_last_block),
		cmocka_unit_test(any_flipped_bit_is_seen),
		cmocka_unit_test(nonsense_with_right_checksums_is_refused),
		cmocka_unit_test(foreign_files_are_refused),
		cmocka_unit_test(totals_that_lie_are_not_believed),
		cmocka_unit_test(odd_calls_are_counted),
		cmocka_unit_test(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
