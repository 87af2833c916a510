/* SPDX-License-Identifier: GPL-2.0-only */
/* test_outlet.c - records on their way to a reader that is slow, stops, or has gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "outlet.h"

static char event[1000];

/* A pipe, both ends in @ends, that reads without waiting. */
static void open_pipe(struct outlet *outlet, int ends[2])
{
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	outlet_open(outlet, ends[1]);
	memset(event, 'e', sizeof(event));
}

static void close_pipe(struct outlet *outlet, const int ends[2])
{
	outlet_close(outlet);
	close(ends[0]);
	close(ends[1]);
}

/* All that is there, or comes as it is written; by kind of byte. */
static void read_all(struct outlet *outlet, int from, size_t count[256])
{
	static unsigned char bytes[1 << 16];
	ssize_t n;

	memset(count, 0, 256 * sizeof(*count));
	do {
		while ((n = read(from, bytes, sizeof(bytes))) > 0)
			for (ssize_t i = 0; i < n; i++)
				count[bytes[i]]++;
		outlet_flush(outlet);
	} while (outlet->from < outlet->to);
	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < n; i++)
			count[bytes[i]]++;
}

/* Each write is on time: nothing hangs, or alarm(2) ends it. */
static void events_go_and_records_stay(void **state)
{
	struct outlet outlet;
	size_t taken = 0, count[256], records = 0;
	int ends[2];

	(void)state;
	open_pipe(&outlet, ends);
	for (int i = 0; i < 20000; i++) {
		taken += outlet_put(&outlet, event, sizeof(event), true);
		if (i % 1000 == 0) {
			assert_true(outlet_put(&outlet, "r", 1, false));
			records++;
		}
	}
	/* So much waits, a pipe holds 64 KiB, and no more was asked for. */
	assert_in_range(taken * sizeof(event), OUTLET_EVENTS_MAX - sizeof(event),
			OUTLET_EVENTS_MAX + (1 << 16) + sizeof(event));
	assert_true(outlet.room <= 2 * OUTLET_EVENTS_MAX);
	read_all(&outlet, ends[0], count);
	assert_int_equal(count['e'], taken * sizeof(event));
	assert_int_equal(count['r'], records);
	assert_true(outlet_put(&outlet, event, sizeof(event), true));
	close_pipe(&outlet, ends);
}

static void in_order_and_whole(void **state)
{
	struct outlet outlet;
	char line[16], seen[16];
	int ends[2];

	(void)state;
	open_pipe(&outlet, ends);
	for (int i = 0, shown = 0; i < 200000; i++) {
		snprintf(line, sizeof(line), "%06d\n", i);
		assert_true(outlet_put(&outlet, line, 7, true));
		/* The reader comes now and then. */
		for (int n = 0; n < 40 && i % 20 == 19; n++) {
			if (read(ends[0], seen, 7) != 7)
				break;
			snprintf(line, sizeof(line), "%06d\n", shown++);
			assert_memory_equal(seen, line, 7);
		}
	}
	close_pipe(&outlet, ends);
}

static void the_wait_at_the_end_can_be_ended(void **state)
{
	struct outlet outlet;
	int ends[2], stop[2];
	size_t count[256];

	(void)state;
	open_pipe(&outlet, ends);
	assert_int_equal(pipe(stop), 0);
	assert_true(outlet_finish(&outlet, stop[0]));
	for (int i = 0; i < 1000; i++)
		assert_true(outlet_put(&outlet, event, sizeof(event), true));
	assert_int_equal(write(stop[1], "", 1), 1);
	assert_false(outlet_finish(&outlet, stop[0]));
	read_all(&outlet, ends[0], count);
	assert_int_equal(count['e'], 1000 * sizeof(event));
	/* What is there to be written comes first. */
	assert_true(outlet_put(&outlet, event, sizeof(event), true));
	assert_true(outlet_finish(&outlet, stop[0]));
	close(stop[0]);
	close(stop[1]);
	close_pipe(&outlet, ends);
}

static void who_has_gone_is_not_waited_for(void **state)
{
	struct outlet outlet;
	int ends[2];

	(void)state;
	open_pipe(&outlet, ends);
	close(ends[0]);
	assert_true(outlet_put(&outlet, event, sizeof(event), true));
	assert_true(outlet_finish(&outlet, -1));
	assert_true(outlet.broken);
	/* And takes no memory. */
	for (int i = 0; i < 100000; i++)
		assert_true(outlet_put(&outlet, event, sizeof(event), false));
	assert_true(outlet.room <= 1 << 16);
	outlet_close(&outlet);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_go_and_records_stay),
		cmocka_unit_test(in_order_and_whole),
		cmocka_unit_test(the_wait_at_the_end_can_be_ended),
		cmocka_unit_test(who_has_gone_is_not_waited_for),
	};

	signal(SIGPIPE, SIG_IGN);
	alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
