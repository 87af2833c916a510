/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_encode.c - threads hand memory to each other, in an order that is known; what they write
 * down is what the preloaded library would, so most calls have no time of their own. The trace
 * must have each call once, each thread's in its order, each address's in the true order.
 */
#include <fcntl.h>
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

#include "atrace.h"
#include "random.h"
#include "trace/record/encode.h"
#include "trace/record/last.h"
#include "trace/record/raw.h"

#define THREADS	  8   /* at one time, at most */
#define ADDRESSES 512 /* at most */
#define NEVER	  UINT32_MAX

struct shape {
	uint64_t seed;
	uint32_t calls;
	unsigned int threads, addresses;
	unsigned int foreign; /* per cent of calls: for an address that anyone had last */
	unsigned int ends;    /* in 10000 calls: a thread ends, and another begins */
	unsigned int of_word; /* addresses that share a word of the table: 1 to 16 */
	unsigned int shared;  /* calls that share a time, at most */
	bool blind;	      /* whose an address was last is not looked at */
};

/* A call as it was. An allocation asks for (its number + 1) bytes, which tells it from others. */
struct call {
	uint32_t alloc;		       /* of a free: of what; of an allocation: itself */
	uint32_t thread, free, before; /* its free; the call before for the address; or NEVER */
};

struct thread {
	uint64_t number; /* as the library gives them; 0: there is none */
	unsigned int spare[2], words;
	uint64_t time;	       /* that was put last; 0: none was */
	bool alone;	       /* then */
	struct raw_head *head; /* and the buffer */
	int fd;
};

struct world {
	const struct shape *shape;
	struct bench_random random;
	char folder[32];
	struct thread threads[THREADS];
	unsigned int nr_threads, numbers;
	uint64_t clock;
	struct call *calls;
	uint32_t n, untimed;
	uint32_t allocated[ADDRESSES], before[ADDRESSES], owner[ADDRESSES];
	uint64_t last[LAST_WORDS];
};

static uint64_t *buffer_of(struct thread *thread)
{
	return (uint64_t *)((char *)thread->head + RAW_HEAD);
}

static void thread_begin(struct world *world, struct thread *thread)
{
	char path[64];

	*thread = (struct thread){.number = ++world->numbers};
	snprintf(path, sizeof(path), "%s/%u", world->folder, world->numbers);
	thread->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND, 0600);
	assert_true(thread->fd >= 0);
	assert_int_equal(ftruncate(thread->fd, RAW_HEAD + RAW_BUFFER), 0);
	thread->head = mmap(NULL, RAW_HEAD + RAW_BUFFER, PROT_READ | PROT_WRITE, MAP_SHARED,
			    thread->fd, 0);
	assert_true(thread->head != MAP_FAILED);
	thread->head->magic = RAW_MAGIC;
	thread->head->image = 1;
	thread->head->pid = 1;
	world->nr_threads++;
}

static void thread_end(struct world *world, struct thread *thread)
{
	munmap(thread->head, RAW_HEAD + RAW_BUFFER);
	close(thread->fd);
	*thread = (struct thread){0};
	world->nr_threads--;
}

/* Its buffer has no room for all that share a time: killed now, or a little later. */
static void append(struct thread *thread)
{
	assert_int_equal(write(thread->fd, buffer_of(thread), RAW_BUFFER), RAW_BUFFER);
	memset(buffer_of(thread), 0, RAW_BUFFER);
	thread->head->appended += 2;
	thread->words = 0;
	thread->spare[0] = thread->spare[1] = 0;
}

static void put(struct thread *thread, uint64_t word)
{
	assert_true(thread->words < RAW_WORDS);
	buffer_of(thread)[thread->words++] = word;
}

/* As note() and note_timed() of preload.c. */
static void note(struct world *world, struct thread *thread, enum raw_kind kind, uint64_t address,
		 uint64_t bytes)
{
	unsigned int shared = world->shape->shared;
	bool alone = world->nr_threads == 1;
	bool own = alone || last_was(world->last, address, thread->number) || world->shape->blind;

	if (own && thread->spare[alone]) {
		thread->spare[alone]--;
		world->untimed++;
	} else {
		bool any = own && thread->time && alone == thread->alone;
		uint64_t early = any ? bench_random_below(&world->random, 20) : 0;

		if (thread->words + 1 + 2 * shared > RAW_WORDS)
			append(thread);
		if (thread->time + early < world->clock)
			thread->time = world->clock - early;
		thread->spare[alone] = bench_random_below(&world->random, shared);
		thread->spare[!alone] = 0;
		thread->alone = alone;
		put(thread, thread->time << 4 | RAW_TIME);
	}
	put(thread, address << 16 | (bytes < RAW_BYTES_MORE ? bytes : RAW_BYTES_MORE) << 4 | kind);
	if (bytes >= RAW_BYTES_MORE)
		put(thread, bytes << 4 | RAW_SIZE);
}

static uint64_t address_of(const struct shape *shape, unsigned int which)
{
	return 0x7f0000001000 + which * (16 / shape->of_word);
}

static struct thread *any_thread(struct world *world)
{
	struct thread *thread;

	do
		thread = &world->threads[bench_random_below(&world->random, THREADS)];
	while (!thread->number);
	return thread;
}

/* The thread had it last, if there is one like that; or it doesn't matter. */
static unsigned int any_address(struct world *world, const struct thread *thread)
{
	unsigned int n = world->shape->addresses, at = bench_random_below(&world->random, n);

	if (bench_random_below(&world->random, 100) >= world->shape->foreign)
		for (unsigned int i = 0; i < n; i++, at = (at + 1) % n)
			if (world->owner[at] == thread->number)
				return at;
	return at;
}

static void step(struct world *world)
{
	struct thread *thread = any_thread(world);
	unsigned int at = any_address(world, thread);
	struct call *call = &world->calls[world->n];
	uint32_t alloc = world->allocated[at];

	world->clock += 1 + bench_random_below(&world->random, 40);
	*call = (struct call){.alloc = alloc,
			      .thread = (uint32_t)thread->number,
			      .free = NEVER,
			      .before = world->before[at]};
	if (alloc == NEVER) {
		call->alloc = world->n;
		note(world, thread, RAW_MALLOC, address_of(world->shape, at), world->n + 1);
		world->allocated[at] = world->n;
	} else {
		world->calls[alloc].free = world->n;
		note(world, thread, RAW_FREE, address_of(world->shape, at), 0);
		world->allocated[at] = NEVER;
	}
	world->owner[at] = (uint32_t)thread->number;
	world->before[at] = world->n++;
}

static void begin_threads(struct world *world)
{
	for (unsigned int i = 0; i < world->shape->threads; i++)
		if (!world->threads[i].number)
			thread_begin(world, &world->threads[i]);
}

/* Threads come and go, down to one that is alone. */
static void live(struct world *world)
{
	const struct shape *shape = world->shape;

	memset(world->allocated, 0xff, sizeof(world->allocated));
	memset(world->before, 0xff, sizeof(world->before));
	thread_begin(world, &world->threads[0]);
	while (world->n < shape->calls) {
		uint32_t chance = bench_random_below(&world->random, 10000);

		if (chance < shape->ends && world->nr_threads > 1)
			thread_end(world, any_thread(world));
		else if (chance < 2 * shape->ends || world->n == 100)
			begin_threads(world);
		step(world);
	}
	for (unsigned int i = 0; i < THREADS; i++)
		if (world->threads[i].number)
			thread_end(world, &world->threads[i]);
}

static struct atrace trace;
static struct atrace_decoder decoder;

static bool read_fd(void *arg, uint64_t offset, void *to, size_t bytes)
{
	return pread(*(int *)arg, to, bytes, (off_t)offset) == (ssize_t)bytes;
}

static void encode_to(int fd, const char *folder, struct atrace_totals *totals)
{
	static const struct atrace_info info = {
		.origin = ATRACE_USER, .cpus = 2, .command = "made up", .system = "test"};
	static const struct encode_clock clock = {{0, 1000}, {0, 1000}};
	struct atrace_writer *writer = atrace_writer_open(fd, &info);
	unsigned int programs;

	assert_non_null(writer);
	assert_int_equal(encode(writer, folder, &clock, &programs), 0);
	assert_int_equal(atrace_writer_close(writer, totals), 0);
	assert_int_equal(programs, 1);
}

/* The call that @event is; @object: which allocation is in each slot. */
static uint32_t call_of(const struct world *world, const struct atrace_event *event,
			uint32_t *object[])
{
	uint32_t *slot = &object[event->owner][event->slot];

	if (atrace_is_alloc(event->kind))
		return *slot = (uint32_t)event->what - 1;
	return world->calls[*slot].free;
}

/* Each call once; after the one before it of its thread, and that of its address. */
static void expect_calls(const struct world *world)
{
	uint8_t *seen = calloc(world->n, 1);
	int64_t *of_thread = malloc((world->numbers + 1) * sizeof(*of_thread));
	uint32_t *object[ATRACE_LANES_MAX], n = 0;
	struct atrace_event event;

	assert_true(seen && of_thread);
	memset(of_thread, 0xff, (world->numbers + 1) * sizeof(*of_thread));
	for (unsigned int i = 0; i < ATRACE_LANES_MAX; i++)
		assert_non_null(object[i] = calloc(trace.slots[i] + 1, sizeof(uint32_t)));
	atrace_rewind(&decoder, &trace);
	while (atrace_next(&decoder, &event)) {
		uint32_t which = call_of(world, &event, object);
		const struct call *call = &world->calls[which];

		if (event.kind == ATRACE_FREE_END) {
			assert_int_equal(which, NEVER);
			continue;
		}
		assert_true(which < world->n && !seen[which]);
		assert_true(call->before == NEVER || seen[call->before]);
		assert_true(of_thread[call->thread] < which);
		of_thread[call->thread] = which;
		seen[which] = 1;
		n++;
	}
	assert_int_equal(n, world->n);
	for (unsigned int i = 0; i < ATRACE_LANES_MAX; i++)
		free(object[i]);
	free(of_thread);
	free(seen);
}

static void scan(int *fd, uint64_t bytes)
{
	struct atrace_source source = {read_fd, fd, bytes};
	uint32_t *seen;

	assert_int_equal(atrace_scan(&trace, &source, &decoder, NULL), 0);
	seen = calloc(atrace_slots(&trace) + 1, sizeof(*seen));
	assert_non_null(seen);
	assert_int_equal(atrace_scan(&trace, &source, &decoder, seen), 0);
	free(seen);
}

static void remove_folder(const struct world *world)
{
	char path[64];

	for (unsigned int i = 1; i <= world->numbers; i++) {
		snprintf(path, sizeof(path), "%s/%u", world->folder, i);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(world->folder), 0);
}

/* Of 100 calls, how many had no time of their own. */
static unsigned int try_shape(const struct shape *shape, struct atrace_totals *totals)
{
	struct world *world = calloc(1, sizeof(*world));
	int fd = memfd_create("trace", MFD_CLOEXEC);
	unsigned int untimed;

	assert_non_null(world);
	assert_true(fd >= 0);
	world->shape = shape;
	world->clock = 1;
	world->calls = malloc(shape->calls * sizeof(*world->calls));
	assert_non_null(world->calls);
	strcpy(world->folder, "/tmp/test_encode.XXXXXX");
	assert_non_null(mkdtemp(world->folder));
	bench_random_seed(&world->random, shape->seed, 0);
	live(world);
	encode_to(fd, world->folder, totals);
	if (!totals->unknown && !totals->reused) {
		assert_int_equal(totals->lost + totals->late + totals->refused, 0);
		assert_int_equal(totals->events, shape->calls + totals->ended);
		scan(&fd, totals->file_bytes);
		expect_calls(world);
	}
	untimed = (unsigned int)(100ULL * world->untimed / world->n);
	remove_folder(world);
	close(fd);
	free(world->calls);
	free(world);
	return untimed;
}

static void expect_true_order(const struct shape *shape, unsigned int untimed)
{
	struct atrace_totals totals;
	unsigned int had = try_shape(shape, &totals);

	assert_int_equal(totals.unknown + totals.reused, 0);
	assert_true(had >= untimed);
}

static void test_memory_goes_from_thread_to_thread(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		struct shape shape = {.seed = seed,
				      .calls = 2000,
				      .threads = 2 + seed % 7,
				      .addresses = 1U << seed % 10,
				      .foreign = 100,
				      .ends = seed % 4 * 10,
				      .of_word = 1U << seed % 5,
				      .shared = 1 + seed % 16};

		expect_true_order(&shape, 0);
	}
}

/* Seldom: then most calls have no time of their own. */
static void test_memory_stays_mostly(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		struct shape shape = {.seed = seed,
				      .calls = 5000,
				      .threads = 2 + seed % 7,
				      .addresses = 100,
				      .foreign = 1 + seed % 5,
				      .ends = seed % 3,
				      .of_word = 1 + seed % 2,
				      .shared = 16};

		expect_true_order(&shape, 30);
	}
}

static void test_buffers_are_filled_again_and_again(void **state)
{
	struct shape shape = {.seed = 1,
			      .calls = 300000,
			      .threads = 2,
			      .addresses = 300,
			      .foreign = 3,
			      .ends = 1,
			      .of_word = 1,
			      .shared = 8};

	(void)state;
	expect_true_order(&shape, 30);
}

/* That it is so is no accident: who doesn't look whose an address was is found out. */
static void test_blind_it_goes_wrong(void **state)
{
	struct shape shape = {.seed = 1,
			      .calls = 5000,
			      .threads = 4,
			      .addresses = 100,
			      .foreign = 5,
			      .of_word = 1,
			      .shared = 8,
			      .blind = true};
	struct atrace_totals totals;

	(void)state;
	try_shape(&shape, &totals);
	assert_true(totals.unknown + totals.reused > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_goes_from_thread_to_thread),
		cmocka_unit_test(test_memory_stays_mostly),
		cmocka_unit_test(test_buffers_are_filled_again_and_again),
		cmocka_unit_test(test_blind_it_goes_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
