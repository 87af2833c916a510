/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * writer.h - writes an allocation trace (FORMAT.md), whoever saw the calls.
 *
 * The recorder names memory by its address; the file names it by a slot, numbered by the lane
 * that allocated it and used again after the free, so that who replays it needs no search and no
 * more memory than what lives at one time. The writer knows which address is in which slot.
 *
 * A file is written from its beginning to its end, to a pipe too. Memory: 40 bytes for each
 * object that lives, and some 400 KiB. One thread at a time may use a writer.
 */
#ifndef TRACE_RECORD_WRITER_H
#define TRACE_RECORD_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "atrace_format.h"

struct atrace_info {
	enum atrace_origin origin;
	unsigned int cpus;   /* of the machine that was recorded, 1 to 65535 */
	uint64_t began;	     /* ns since 1970, of time 0; 0: unknown */
	const char *command; /* what was recorded; longer than ATRACE_TEXT_MAX: cut */
	const char *system;  /* where: "Linux 6.1.0-41-cloud-amd64 x86_64"; cut as well */
};

/*
 * Who called, and when. Calls are given in the order in which they took effect: a free before
 * the allocation that gets the same memory next. That order is the file's. @time, ns, should not
 * go back; where it does, the time before is taken, and counted (late).
 */
struct atrace_who {
	uint64_t time;
	unsigned int lane;  /* CPU, or thread where a program is recorded: below ATRACE_LANES_MAX */
	unsigned int space; /* address space: the process; 0 for the kernel */
};

/* Addresses mean something within a class only: an object may lie in pages that are traced too. */
enum atrace_class { ATRACE_OBJECTS, ATRACE_FRAMES, ATRACE_AREAS };

struct atrace_totals {
	uint64_t events, allocs, frees, remote; /* remote: of the frees */
	uint64_t ended;		 /* frees of what lived when its space or the trace ended */
	uint64_t live, live_max; /* objects: now; at most */
	uint64_t bytes_max; /* asked for by what lived, at most; an order counts 4 KiB << order */
	uint64_t unknown;   /* frees of what was never seen allocated: dropped */
	uint64_t reused;    /* allocations where something lived: its free was not seen; ended */
	uint64_t late;	    /* calls whose time went back */
	uint64_t lost;	    /* that the recorder says it missed */
	uint64_t refused;   /* a size of 0 or beyond the format's range, too many caches: dropped */
	uint64_t time;	    /* of the last event */
	uint64_t file_bytes;
	unsigned int lanes; /* the highest in use + 1 */
};

struct atrace_writer;

/*
 * Begin a trace on @fd (a file at its begin, a pipe, a socket), which stays the caller's to close.
 * NULL with errno: ENOMEM, EINVAL for an impossible @info, or what write(2) says.
 */
struct atrace_writer *atrace_writer_open(int fd, const struct atrace_info *info);

/*
 * The number of the cache of this name and object size (1 to 2^20 bytes), given out when first
 * asked for. -ENOSPC: there are ATRACE_CACHES_MAX already; -EINVAL: the size; or what write(2)
 * says.
 */
int atrace_writer_cache(struct atrace_writer *writer, const char *name, unsigned int object_size);

/*
 * Memory was had at @address: @kind is one of ATRACE_KMALLOC to ATRACE_AREA and says what @what
 * is. What lived there is ended first. 0 or -errno: EINVAL for a lane, kind or cache that is not;
 * ENOMEM; or of write(2): then the file stays as it is, and all that follows says the same.
 */
int atrace_writer_alloc(struct atrace_writer *writer, const struct atrace_who *who,
			enum atrace_kind kind, uint64_t address, uint64_t what);

/*
 * Memory was given back. An @address that nobody was seen to allocate is counted and dropped; 0
 * is nobody's and not counted. 0 or -errno as above.
 */
int atrace_writer_free(struct atrace_writer *writer, const struct atrace_who *who,
		       enum atrace_class class, uint64_t address);

/* Is something at @address, and then what? For recorders that see memory given back in parts. */
bool atrace_writer_find(const struct atrace_writer *writer, unsigned int space,
			enum atrace_class class, uint64_t address, enum atrace_kind *kind,
			uint64_t *what);

/* The space is gone, with all that lived in it (a process ended, or executed another program). */
int atrace_writer_space_end(struct atrace_writer *writer, uint64_t time, unsigned int space);

/* The recorder missed @n calls. */
void atrace_writer_lost(struct atrace_writer *writer, uint64_t n);

/* Write what is gathered: what comes later can't take it away. Costs 36 bytes; once a second will
 * do. */
int atrace_writer_flush(struct atrace_writer *writer);

void atrace_writer_totals(const struct atrace_writer *writer, struct atrace_totals *out);

/*
 * End what lives, write the totals and free the writer, whatever happens. *@out, unless NULL: the
 * totals. 0, or the first -errno there was: the file ends where that happened.
 */
int atrace_writer_close(struct atrace_writer *writer, struct atrace_totals *out);

#endif /* TRACE_RECORD_WRITER_H */
