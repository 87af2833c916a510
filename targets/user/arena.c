/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arena.c - the frames of all cores, in one memfd, so that a frame can be mapped a second
 * time: in a window. Handed out in units of the largest block, first fit.
 *
 * A frame costs memory once it is touched, and none again after its core is gone. Taking
 * and returning is for one thread at a time, as making cores is.
 */
#include "arena.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "calls.h"
#include "host.h"
#include "limits.h"
#include "model.h"

/*
 * The arena has room for this many cores like the first. More: address space, free of charge
 * on Linux but 6 ms per GiB under qemu-user; less: fewer arms side by side.
 */
#define ARENA_CORES 16

#define UNIT_FRAMES (1UL << TRI_MAX_ORDER)

char *plat_arena;

static struct {
	int fd;
	unsigned int runs; /* handed out */
	unsigned long units;
	bool *taken; /* by unit */
} arena;

static size_t arena_bytes(void)
{
	return arena.units * UNIT_FRAMES * TRI_PAGE_SIZE;
}

static unsigned long units_of(unsigned long frames)
{
	return (frames + UNIT_FRAMES - 1) / UNIT_FRAMES;
}

/* Where instructions are counted cores come one after the other. */
static unsigned int arena_cores(void)
{
	return model_watches() ? 1 : ARENA_CORES;
}

static int arena_open(unsigned long units)
{
	int error;
	void *at;

	arena.units = arena_cores() * units;
	arena.taken = calloc(arena.units, sizeof(*arena.taken));
	if (!arena.taken)
		return -ENOMEM;
	arena.fd = memfd_create("trimm-frames", MFD_CLOEXEC);
	if (arena.fd < 0 || ftruncate(arena.fd, (off_t)arena_bytes())) {
		error = errno;
		limits_explain("memfd for frames", arena_bytes(), error, "memory=");
		goto out_close;
	}
	at = mmap(model_place(arena_bytes(), 0), arena_bytes(), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_NORESERVE, arena.fd, 0);
	if (at == MAP_FAILED) {
		error = errno;
		limits_explain("room for the frames of all cores", arena_bytes(), error, "memory=");
		goto out_close;
	}
	/* Whether a host gives huge pages to memfds is a setting; ours are 4 KiB everywhere. */
	madvise(at, arena_bytes(), MADV_NOHUGEPAGE);
	plat_arena = at;
	return 0;

out_close:
	if (arena.fd >= 0)
		close(arena.fd);
	free(arena.taken);
	return -error;
}

static void arena_close(void)
{
	munmap(plat_arena, arena_bytes());
	close(arena.fd);
	free(arena.taken);
	plat_arena = NULL;
}

static void mark(unsigned long first, unsigned long units, bool taken)
{
	for (unsigned long i = 0; i < units; i++)
		arena.taken[first + i] = taken;
}

/* First unit of a free stretch, or arena.units. */
static unsigned long find_free(unsigned long units)
{
	unsigned long length = 0;

	for (unsigned long i = 0; i < arena.units; i++) {
		length = arena.taken[i] ? 0 : length + 1;
		if (length == units)
			return i + 1 - units;
	}
	return arena.units;
}

int arena_take(unsigned long frames, struct tri_run *run)
{
	unsigned long first, units = units_of(frames);
	int error;

	if (!arena.runs) {
		error = arena_open(units);
		if (error)
			return error;
	}
	first = find_free(units);
	if (first == arena.units) {
		host_error("all frames are lent: the first core's memory= allows %u such cores at "
			   "once; lower memory= or compare fewer arms",
			   arena_cores());
		return -ENOMEM;
	}
	mark(first, units, true);
	arena.runs++;
	*run = (struct tri_run){.first = first * UNIT_FRAMES, .count = frames};
	return 0;
}

void arena_return(const struct tri_run *run)
{
	mark(run->first / UNIT_FRAMES, units_of(run->count), false);
	if (!--arena.runs)
		arena_close();
	else
		fallocate(arena.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			  (off_t)(run->first * TRI_PAGE_SIZE), (off_t)(run->count * TRI_PAGE_SIZE));
}

int arena_map(uintptr_t va, unsigned long pfn, unsigned long pages)
{
	uint64_t begin = call_begin();
	void *at = mmap((void *)va, pages * TRI_PAGE_SIZE, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_FIXED | MAP_NORESERVE, arena.fd,
			(off_t)(pfn * TRI_PAGE_SIZE));

	call_end(begin);
	return at == MAP_FAILED ? -errno : 0;
}

bool arena_holds(uintptr_t addr)
{
	return plat_arena && addr - (uintptr_t)plat_arena < arena_bytes();
}
