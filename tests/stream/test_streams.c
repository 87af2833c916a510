/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_streams.c - each stream, shortly, under every answer it exercises; and that a stream
 * notices what it is there to notice. `make soak` runs the same for long.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/stream/stream.h"

/* Level 2 is ten times as slow, but walks everything more often. */
#define EPISODES   2
#define OPERATIONS (TRI_CHECK_LEVEL >= 2 ? 1000 : 3000)

static void every_answer(enum stream which)
{
	uint64_t seed = test_seed();

	for (unsigned int answer = 0; answer < TRI_POLICY_COUNT; answer++) {
		for (unsigned int q = 0; q < TRI_QUESTION_COUNT; q++) {
			if (strcmp(tri_policy_info[answer].question, tri_question_info[q].name) ||
			    !stream_asks(which, q))
				continue;
			for (int i = 0; i < EPISODES; i++) {
				struct source source;

				seed = seed * 0xd1342543de82ef95 + 1;
				source = source_of_seed(seed, OPERATIONS);
				printf("# %s=%s seed %#lx\n", tri_question_info[q].name,
				       tri_policy_info[answer].answer, seed);
				stream_run(which, &source, answer);
			}
		}
	}
	/* Of no answer's, of any. */
	for (int i = 0; i < EPISODES && !*stream_info[which].questions; i++) {
		struct source source;

		seed = seed * 0xd1342543de82ef95 + 1;
		source = source_of_seed(seed, OPERATIONS);
		printf("# seed %#lx\n", seed);
		stream_run(which, &source, STREAM_FREE);
	}
}

#define STREAM(name, questions, about)       \
	static void name(void **state)       \
	{                                    \
		(void)state;                 \
		every_answer(STREAM_##name); \
	}
#include "tests/stream/streams.def"

/* Every question is somebody's. */
static void every_question_is_asked(void **state)
{
	(void)state;
	for (unsigned int q = 0; q < TRI_QUESTION_COUNT; q++) {
		unsigned int streams = 0;

		for (unsigned int which = 0; which < STREAM_COUNT; which++)
			streams += stream_asks(which, q);
		assert_true(streams);
	}
}

/* What expect() ends happens in a child. */
static bool diverges(void (*scene)(void))
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		fclose(stderr);
		scene();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static char memory[4 * TRI_PAGE_SIZE];
static struct objects set;

/* Two of @size at @at and @at + @apart, then @damage one byte, then a look at both. */
static void scene(unsigned long apart, unsigned long size, long damage)
{
	struct source source = source_of_seed(1, 0);

	objects_init(&set, 4);
	objects_add(&set, memory, size, 0);
	objects_add(&set, memory + apart, size, 0);
	if (damage >= 0)
		memory[damage] ^= 1;
	for (int i = 0; i < 64; i++)
		objects_pick(&set, &source);
}

static void apart(void)
{
	scene(96, 96, -1);
	scene(2 * TRI_PAGE_SIZE, TRI_PAGE_SIZE + 9, -1);
}

static void overlapping_by_a_byte(void)
{
	scene(95, 96, -1);
}

static void overlapping_pages(void)
{
	scene(TRI_PAGE_SIZE, TRI_PAGE_SIZE + 1, -1);
}

static void damaged(void)
{
	scene(128, 96, 33);
}

static void lost_in_a_move(void)
{
	objects_init(&set, 1);
	objects_add(&set, memory, 5000, 0);
	memcpy(memory + 8192, memory, 4999);
	objects_resize(&set, set.object, memory + 8192, 6000);
}

static void moved_whole(void)
{
	objects_init(&set, 1);
	objects_add(&set, memory, 5000, 0);
	memcpy(memory + 8192, memory, 5000);
	objects_resize(&set, set.object, memory + 8192, 6000);
	objects_resize(&set, set.object, memory + 8192, 100);
	objects_resize(&set, set.object, memory + 8192, 7000);
}

static void leaked(void)
{
	objects_init(&set, 1);
	objects_add(&set, memory, 10, 0);
	objects_exit(&set);
}

static void divergences_are_noticed(void **state)
{
	(void)state;
	assert_false(diverges(apart));
	assert_false(diverges(moved_whole));
	assert_true(diverges(overlapping_by_a_byte));
	assert_true(diverges(overlapping_pages));
	assert_true(diverges(damaged));
	assert_true(diverges(lost_in_a_move));
	assert_true(diverges(leaked));
}

static void zero_is_all_of_it(void **state)
{
	(void)state;
	for (unsigned long at = 100; at < 9000; at++) {
		/* Within the first page every byte counts, behind it the ends of pages. */
		bool seen = at < 4096 || at % 4096 < 8 || at % 4096 >= 4088 || at >= 8992;

		memset(memory, 0, sizeof(memory));
		memory[at] = 1;
		assert_int_equal(contents_zero(memory, 100, 9000), !seen);
	}
}

/* The same input, the same decisions; at its end, zeros. */
static void bytes_decide(void **state)
{
	const uint8_t bytes[] = {7, 1, 2, 255, 9};
	struct source source = source_of_bytes(bytes, sizeof(bytes));

	(void)state;
	assert_true(source_more(&source));
	assert_int_equal(source_below(&source, 5), 2);
	assert_int_equal(source_below(&source, 1000), 0x102);
	assert_int_equal(source_below(&source, 1), 0);
	assert_int_equal(source_below(&source, 256), 255);
	assert_true(source_more(&source));
	assert_int_equal(source_below(&source, 1UL << 32), 9 << 24);
	assert_false(source_more(&source));
	assert_int_equal(source_below(&source, 77), 0);
	assert_int_equal(source.taken, 2);
}

static void sizes_reach_their_limits(void **state)
{
	struct source source = source_of_seed(5, 1);
	bool smallest = false, largest = false;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		unsigned long size = source_size(&source, 1000);

		assert_in_range(size, 1, 1000);
		smallest |= size == 1;
		largest |= size == 1000;
	}
	assert_true(smallest && largest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define STREAM(name, questions, about) cmocka_unit_test(name),
#include "tests/stream/streams.def"
		cmocka_unit_test(every_question_is_asked),
		cmocka_unit_test(divergences_are_noticed),
		cmocka_unit_test(zero_is_all_of_it),
		cmocka_unit_test(bytes_decide),
		cmocka_unit_test(sizes_reach_their_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
