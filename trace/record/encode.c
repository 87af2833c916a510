/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * encode.c - see encode.h. Files are mapped; of many only those of a moment's threads are read.
 *
 * Merged by their times, files tell of each address in its true order (preload.c says why), though
 * a call may stand before some of other threads, for other addresses, that came before it: by as
 * much as the calls that share its time.
 */
#include "encode.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "raw.h"

/* A thread's file. */
struct thread {
	const struct raw_head *head; /* mapped */
	size_t bytes;
	const uint64_t *next, *end;
	const uint64_t *then, *then_end; /* and after those: what was in the buffer */
	uint64_t time, last;		 /* of the next call; of the last */
	uint64_t ns_of, ns;		 /* the time that was converted last; to what */
	unsigned int lane, space;
};

struct area {
	uint64_t begin, end;
};

/* A program that a process executed: an address space. */
struct space {
	uint32_t pid;
	uint64_t image;
	unsigned int threads; /* that have records left */
	struct area *areas;
	size_t nr_areas, room;
};

struct encoder {
	struct atrace_writer *writer;
	const struct encode_clock *clock;
	struct thread *threads;
	size_t nr_threads;
	struct space *spaces;
	size_t nr_spaces;
};

static unsigned int kind_of(const uint64_t *word)
{
	return *word & 15;
}

/* The last that is given there; 0: none is. */
static uint64_t last_time(const uint64_t *first, const uint64_t *end)
{
	while (end > first)
		if (kind_of(--end) == RAW_TIME)
			return *end >> 4;
	return 0;
}

/* Those that were appended, then those of the buffer, as far as each has its kind. */
static void find_words(struct thread *thread)
{
	const char *file = (const char *)thread->head;
	uint64_t appended = thread->head->appended, most;

	most = (thread->bytes - RAW_HEAD - RAW_BUFFER) / RAW_BUFFER;
	thread->next = (const uint64_t *)(file + RAW_HEAD + RAW_BUFFER);
	thread->end =
		thread->next + ((appended + 1) / 2 < most ? (appended + 1) / 2 : most) * RAW_WORDS;
	thread->then = thread->then_end = (const uint64_t *)(file + RAW_HEAD);
	while (!(appended & 1) && thread->then_end < thread->then + RAW_WORDS &&
	       kind_of(thread->then_end))
		thread->then_end++;
	thread->last = last_time(thread->then, thread->then_end);
	if (!thread->last)
		thread->last = last_time(thread->next, thread->end);
}

/* To the next call, past the times before it. False: there is none. */
static bool go_on(struct thread *thread)
{
	for (;;) {
		for (; thread->next < thread->end; thread->next++) {
			if (kind_of(thread->next) == RAW_TIME)
				thread->time = *thread->next >> 4;
			else if (kind_of(thread->next) != RAW_NONE)
				return true;
		}
		if (thread->then == thread->then_end)
			return false;
		thread->next = thread->then;
		thread->end = thread->then = thread->then_end;
	}
}

static int thread_open(struct thread *thread, int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	struct stat is;
	void *map;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &is) || (size_t)is.st_size < RAW_HEAD + RAW_BUFFER) {
		close(fd);
		return 0;
	}
	map = mmap(NULL, (size_t)is.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return -errno;
	*thread = (struct thread){.head = map, .bytes = (size_t)is.st_size};
	if (thread->head->magic == RAW_MAGIC)
		find_words(thread);
	return 0;
}

static int by_begin(const void *a, const void *b)
{
	const struct thread *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

static int threads_open(struct encoder *encoder, const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int error = folder ? 0 : -errno;

	while (folder && !error && (entry = readdir(folder))) {
		struct thread *more;

		if (*entry->d_name == '.')
			continue;
		more = realloc(encoder->threads, (encoder->nr_threads + 1) * sizeof(*more));
		if (!more) {
			error = -ENOMEM;
			break;
		}
		encoder->threads = more;
		memset(&more[encoder->nr_threads], 0, sizeof(*more));
		error = thread_open(&more[encoder->nr_threads], dirfd(folder), entry->d_name);
		if (error || !more[encoder->nr_threads].head)
			continue;
		atrace_writer_lost(encoder->writer, more[encoder->nr_threads].head->lost);
		if (go_on(&more[encoder->nr_threads]))
			encoder->nr_threads++;
		else
			munmap((void *)more[encoder->nr_threads].head,
			       more[encoder->nr_threads].bytes);
	}
	if (folder)
		closedir(folder);
	if (encoder->nr_threads)
		qsort(encoder->threads, encoder->nr_threads, sizeof(*encoder->threads), by_begin);
	return error;
}

/* The lowest lane whose thread has ended; if there is none, the one that ends first. */
static void choose_lanes(struct encoder *encoder)
{
	uint64_t until[ATRACE_LANES_MAX] = {0};

	for (size_t i = 0; i < encoder->nr_threads; i++) {
		struct thread *thread = &encoder->threads[i];
		unsigned int best = 0;

		for (unsigned int lane = 0; lane < ATRACE_LANES_MAX; lane++) {
			if (until[lane] < thread->time) {
				best = lane;
				break;
			}
			if (until[lane] < until[best])
				best = lane;
		}
		thread->lane = best;
		if (thread->last > until[best])
			until[best] = thread->last;
	}
}

static int find_spaces(struct encoder *encoder)
{
	for (size_t i = 0; i < encoder->nr_threads; i++) {
		struct thread *thread = &encoder->threads[i];
		struct space *more;
		size_t s = 0;

		while (s < encoder->nr_spaces && (encoder->spaces[s].pid != thread->head->pid ||
						  encoder->spaces[s].image != thread->head->image))
			s++;
		if (s == encoder->nr_spaces) {
			more = realloc(encoder->spaces, (s + 1) * sizeof(*more));
			if (!more)
				return -ENOMEM;
			encoder->spaces = more;
			more[encoder->nr_spaces++] = (struct space){.pid = thread->head->pid,
								    .image = thread->head->image};
		}
		thread->space = (unsigned int)s;
		encoder->spaces[s].threads++;
	}
	return 0;
}

static uint64_t ns_of(const struct encoder *encoder, uint64_t ticks)
{
	const struct encode_clock *clock = encoder->clock;
	uint64_t from = clock->ticks[0], span = clock->ticks[1] - from;

	if (ticks <= from || !span)
		return 0;
	return (uint64_t)((__uint128_t)(ticks - from) * (clock->ns[1] - clock->ns[0]) / span);
}

static int area_add(struct encoder *encoder, const struct atrace_who *who, struct space *space,
		    uint64_t begin, uint64_t end)
{
	struct area *more;

	if (begin >= end)
		return 0;
	if (space->nr_areas == space->room) {
		more = realloc(space->areas, (space->room ? 2 * space->room : 64) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		space->areas = more;
		space->room = space->room ? 2 * space->room : 64;
	}
	space->areas[space->nr_areas++] = (struct area){begin, end};
	return atrace_writer_alloc(encoder->writer, who, ATRACE_AREA, begin, end - begin);
}

/* What is left of an area that goes in part is areas in their own right. */
static int area_remove(struct encoder *encoder, const struct atrace_who *who, struct space *space,
		       uint64_t begin, uint64_t end)
{
	int error = 0;

	for (size_t i = space->nr_areas; i-- && !error;) {
		struct area area = space->areas[i];

		if (area.end <= begin || area.begin >= end)
			continue;
		space->areas[i] = space->areas[--space->nr_areas];
		error = atrace_writer_free(encoder->writer, who, ATRACE_AREAS, area.begin);
		if (!error)
			error = area_add(encoder, who, space, area.begin, begin);
		if (!error)
			error = area_add(encoder, who, space, end, area.end);
	}
	return error;
}

static uint64_t whole_pages(uint64_t bytes)
{
	return (bytes + 4095) & -4096UL;
}

/* Calls share times, and a division of 128 bits is dear. */
static uint64_t thread_ns(const struct encoder *encoder, struct thread *thread)
{
	if (thread->ns_of != thread->time) {
		thread->ns_of = thread->time;
		thread->ns = ns_of(encoder, thread->time);
	}
	return thread->ns;
}

/* The next call of @thread, which has one; and its size, which may be the word behind. */
static int encode_next(struct encoder *encoder, struct thread *thread)
{
	struct atrace_who who = {thread_ns(encoder, thread), thread->lane, thread->space};
	struct space *space = &encoder->spaces[thread->space];
	const uint64_t *word = thread->next++;
	uint64_t address = *word >> 16, bytes = *word >> 4 & RAW_BYTES_MORE;

	if (bytes == RAW_BYTES_MORE && thread->next < thread->end &&
	    kind_of(thread->next) == RAW_SIZE)
		bytes = *thread->next++ >> 4;
	switch (kind_of(word)) {
	case RAW_MALLOC:
	case RAW_CALLOC:
		/* malloc(0) takes as much as malloc(1). */
		return atrace_writer_alloc(encoder->writer, &who,
					   kind_of(word) == RAW_CALLOC ? ATRACE_KZALLOC
								       : ATRACE_KMALLOC,
					   address, bytes ?: 1);
	case RAW_FREE:
		return atrace_writer_free(encoder->writer, &who, ATRACE_OBJECTS, address);
	case RAW_MAP:
		return area_add(encoder, &who, space, address, address + whole_pages(bytes));
	case RAW_UNMAP:
		return area_remove(encoder, &who, space, address, address + whole_pages(bytes));
	}
	return 0;
}

/* A thread's last record was its program's last, too, if no other thread has any left. */
static int thread_end(struct encoder *encoder, struct thread *thread)
{
	if (--encoder->spaces[thread->space].threads)
		return 0;
	return atrace_writer_space_end(encoder->writer, ns_of(encoder, thread->last),
				       thread->space);
}

/* Of the threads that have begun by then, whose next record is the earliest. */
static int merge(struct encoder *encoder)
{
	struct thread **active = calloc(encoder->nr_threads + 1, sizeof(*active));
	size_t n = 0, begun = 0;
	int error = active ? 0 : -ENOMEM;

	while (!error && (n || begun < encoder->nr_threads)) {
		uint64_t until = UINT64_MAX;
		size_t first = 0;

		for (size_t i = 1; i < n; i++)
			if (active[i]->time < active[first]->time)
				first = i;
		if (begun < encoder->nr_threads &&
		    (!n || encoder->threads[begun].time <= active[first]->time)) {
			active[n++] = &encoder->threads[begun++];
			continue;
		}
		/* That one goes on until another's turn comes. */
		for (size_t i = 0; i < n; i++)
			if (i != first && active[i]->time < until)
				until = active[i]->time;
		if (begun < encoder->nr_threads && encoder->threads[begun].time < until)
			until = encoder->threads[begun].time;
		do
			error = encode_next(encoder, active[first]);
		while (!error && go_on(active[first]) && active[first]->time < until);
		if (!error && go_on(active[first]))
			continue;
		if (!error)
			error = thread_end(encoder, active[first]);
		active[first] = active[--n];
	}
	free(active);
	return error;
}

int encode(struct atrace_writer *writer, const char *folder, const struct encode_clock *clock,
	   unsigned int *programs)
{
	struct encoder encoder = {.writer = writer, .clock = clock};
	int error = threads_open(&encoder, folder);

	if (!error) {
		choose_lanes(&encoder);
		error = find_spaces(&encoder);
	}
	if (!error)
		error = merge(&encoder);
	*programs = (unsigned int)encoder.nr_spaces;
	for (size_t i = 0; i < encoder.nr_threads; i++)
		munmap((void *)encoder.threads[i].head, encoder.threads[i].bytes);
	for (size_t i = 0; i < encoder.nr_spaces; i++)
		free(encoder.spaces[i].areas);
	free(encoder.threads);
	free(encoder.spaces);
	return error;
}
