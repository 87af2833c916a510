/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * live.h - what lives while a trace is written: which address is in which slot. A table with
 * open addressing; 32 bytes an entry, a quarter to a half of them free.
 */
#ifndef TRACE_RECORD_LIVE_H
#define TRACE_RECORD_LIVE_H

#include <stddef.h>
#include <stdint.h>

struct live_object {
	uint64_t address, what;
	uint32_t space, slot, generation;
	uint8_t class, kind, lane, used;
};

struct live {
	struct live_object *table;
	size_t size, n; /* size: a power of two, or 0 */
};

/* NULL: nothing lives there. */
struct live_object *live_find(const struct live *live, uint32_t space, unsigned int class,
			      uint64_t address);
/* A place for what was not found there; its key is set. NULL: no memory. */
struct live_object *live_add(struct live *live, uint32_t space, unsigned int class,
			     uint64_t address);
/* @object is the table's; pointers into the table are void afterwards. */
void live_remove(struct live *live, struct live_object *object);
void live_free(struct live *live);

#endif /* TRACE_RECORD_LIVE_H */
