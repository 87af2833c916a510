/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_count.c - FILE [kmalloc|pages WHAT]: read a trace as who replays it does. Prints how many
 * events it has; or what became of all that were alike, by size or order: allocated, freed, and
 * freed by the end of the trace, in three numbers. Exit code 1, with one line: the trace is not
 * sound.
 */
#include "atrace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct alike {
	uint64_t allocated, freed, ended;
};

static struct atrace_decoder decoder;

static bool read_file(void *arg, uint64_t offset, void *to, size_t bytes)
{
	return pread(*(int *)arg, to, bytes, (off_t)offset) == (ssize_t)bytes;
}

/* Allocations of both kinds, zeroed or not, come together. */
static bool is_kind(const struct atrace_event *event, const char *kind)
{
	if (!strcmp(kind, "kmalloc"))
		return event->kind == ATRACE_KMALLOC || event->kind == ATRACE_KZALLOC;
	return event->kind == ATRACE_PAGES || event->kind == ATRACE_PAGES_ZEROED;
}

/* @mine: a byte for each slot of each lane: it holds one of those now. */
static struct alike count(const struct atrace *trace, const char *kind, uint64_t what,
			  unsigned char **mine)
{
	struct alike alike = {0};
	struct atrace_event event;

	atrace_rewind(&decoder, trace);
	while (atrace_next(&decoder, &event)) {
		unsigned char *slot = &mine[event.owner][event.slot];

		if (atrace_is_alloc(event.kind)) {
			*slot = is_kind(&event, kind) && event.what == what;
			alike.allocated += *slot;
		} else {
			alike.freed += *slot && event.kind != ATRACE_FREE_END;
			alike.ended += *slot && event.kind == ATRACE_FREE_END;
			*slot = 0;
		}
	}
	return alike;
}

/* 0, or the exit code after one line. */
static int scan(struct atrace *trace, const char *path, const struct atrace_source *source)
{
	uint32_t *seen;
	int err = atrace_scan(trace, source, &decoder, NULL);

	if (!err) {
		seen = calloc(atrace_slots(trace) + 1, sizeof(*seen));
		err = seen ? atrace_scan(trace, source, &decoder, seen) : -ENOMEM;
		free(seen);
	}
	if (err)
		fprintf(stderr, "%s: at %" PRIu64 ": %s\n", path, trace->where,
			trace->why ? trace->why : strerror(-err));
	return err ? 1 : 0;
}

int main(int argc, char **argv)
{
	static struct atrace trace;
	unsigned char *mine[ATRACE_LANES_MAX];
	struct stat about;
	struct alike alike;
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;

	if (fd < 0 || fstat(fd, &about)) {
		fprintf(stderr, "%s: %s\n", argc > 1 ? argv[1] : "usage", strerror(errno));
		return 1;
	}
	if (scan(&trace, argv[1],
		 &(struct atrace_source){
			 .read = read_file, .arg = &fd, .size = (uint64_t)about.st_size}))
		return 1;
	if (argc < 4) {
		printf("%" PRIu64 "\n", trace.events);
		return 0;
	}
	for (int i = 0; i < ATRACE_LANES_MAX; i++) {
		mine[i] = calloc(trace.slots[i] + 1, 1);
		if (!mine[i])
			return 1;
	}
	alike = count(&trace, argv[2], strtoull(argv[3], NULL, 10), mine);
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", alike.allocated, alike.freed, alike.ended);
	return 0;
}
