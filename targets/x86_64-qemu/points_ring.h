/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * points_ring.h - points as the kernel writes them down and the program that starts it (launch/)
 * reads them: a ring for each CPU, one behind the other in RAM from channel's `points` on.
 *
 * A CPU alone writes its ring, and nobody reads it before the guest is gone. The oldest entry is
 * overwritten; how many were is what `written` is more than there is room for.
 */
#ifndef X86_64_QEMU_POINTS_RING_H
#define X86_64_QEMU_POINTS_RING_H

#include <stdint.h>

#define POINTS_FIELDS 4

struct points_entry {
	uint64_t ticks;
	uint32_t id;		       /* enum tri_point */
	int32_t bench;		       /* that was at work; -1: none */
	uint64_t field[POINTS_FIELDS]; /* as many as it has; the others may hold anything */
};

struct points_ring {
	uint64_t written; /* entries since the start; the next goes to that modulo the room */
	uint64_t unused[5];
	struct points_entry entry[];
};

/* Entries that a ring of @bytes has room for. */
static inline uint64_t points_room(uint64_t bytes)
{
	return (bytes - sizeof(struct points_ring)) / sizeof(struct points_entry);
}

#endif /* X86_64_QEMU_POINTS_RING_H */
