/* SPDX-License-Identifier: GPL-2.0-only */
/* main.c - the harness with this target beneath it; the words of the command line are its own. */
#include "channel.h"
#include "clock.h"
#include "harness.h"
#include "host.h"
#include "machine.h"
#include "memory.h"
#include "params.h"
#include "point_rings.h"
#include "selftest.h"
#include "selftest_vmalloc.h"
#include "words_split.h"

#define LINE_MAX 8192

static char line[LINE_MAX];
static char *word[WORDS_MAX];

/* How many words; -1: one line was said. */
static int split(const char *from)
{
	size_t length = 0;
	int n;

	while (from[length])
		length++;
	if (length >= sizeof(line)) {
		host_error("the command line has %zu bytes; the most is %d", length, LINE_MAX - 1);
		return -1;
	}
	memcpy(line, from, length);
	n = words_split(line, word);
	if (n < 0)
		host_error("more than %d words", WORDS_MAX);
	return n;
}

static int selftest(int n)
{
	if (n == 3 && !strcmp(word[1], "use-after-free"))
		return selftest_use_after_free(word[2]);
	if (n == 2)
		return machine_selftest(word[1]);
	host_error("selftest: say which");
	return 2;
}

/* Records that found no room: the run is not whole. */
static bool log_overflowed(void)
{
	const struct channel *channel = machine_channel();

	return channel && channel->overflow;
}

int kernel_main(void)
{
	uint64_t before = memory_available(), after;
	int n = split(machine_command_line()), code;

	if (n < 0)
		return 2;
	/* Until a word says otherwise. */
	clock_set_quantum(params_quantum());
	code = n && !strcmp(word[0], "selftest") ? selftest(n) : bench_main(n, word);
	points_close();
	after = memory_available();
	if (after != before) {
		host_error("%lu KiB were not given back", (before - after) >> 10);
		return 1;
	}
	return log_overflowed() && !code ? 1 : code;
}
