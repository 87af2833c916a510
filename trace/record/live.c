/* SPDX-License-Identifier: GPL-2.0-only */
/* live.c - see live.h. */
#include "live.h"

#include <stdbool.h>
#include <stdlib.h>

#define LIVE_FIRST 4096 /* entries to begin with */

/* Where the search for a key begins: Fibonacci hashing, as addresses differ in middle bits. */
static size_t home(const struct live *live, uint32_t space, unsigned int class, uint64_t address)
{
	uint64_t key =
		(address ^ (uint64_t)space << 40 ^ (uint64_t) class << 62) * 0x9e3779b97f4a7c15;

	return (key ^ key >> 29) >> 16 & (live->size - 1);
}

static bool is(const struct live_object *object, uint32_t space, unsigned int class,
	       uint64_t address)
{
	return object->address == address && object->space == space && object->class == class;
}

struct live_object *live_find(const struct live *live, uint32_t space, unsigned int class,
			      uint64_t address)
{
	if (!live->n)
		return NULL;
	for (size_t at = home(live, space, class, address); live->table[at].used;
	     at = (at + 1) & (live->size - 1))
		if (is(&live->table[at], space, class, address))
			return &live->table[at];
	return NULL;
}

/* The entry where the key's search ends, there being none of that key. */
static struct live_object *gap(const struct live *live, uint32_t space, unsigned int class,
			       uint64_t address)
{
	size_t at = home(live, space, class, address);

	while (live->table[at].used)
		at = (at + 1) & (live->size - 1);
	return &live->table[at];
}

static bool grow(struct live *live)
{
	struct live larger = {.size = live->size ? 2 * live->size : LIVE_FIRST, .n = live->n};

	larger.table = calloc(larger.size, sizeof(*larger.table));
	if (!larger.table)
		return false;
	for (size_t i = 0; i < live->size; i++) {
		const struct live_object *object = &live->table[i];

		if (object->used)
			*gap(&larger, object->space, object->class, object->address) = *object;
	}
	free(live->table);
	*live = larger;
	return true;
}

struct live_object *live_add(struct live *live, uint32_t space, unsigned int class,
			     uint64_t address)
{
	struct live_object *object;

	if (4 * (live->n + 1) > 3 * live->size && !grow(live))
		return NULL;
	object = gap(live, space, class, address);
	*object = (struct live_object){
		.address = address, .space = space, .class = (uint8_t) class, .used = 1};
	live->n++;
	return object;
}

/* Who was put behind it because it was there moves up, so that no search ends too early. */
void live_remove(struct live *live, struct live_object *object)
{
	size_t mask = live->size - 1, hole = (size_t)(object - live->table);

	for (size_t at = (hole + 1) & mask; live->table[at].used; at = (at + 1) & mask) {
		const struct live_object *next = &live->table[at];
		size_t from = home(live, next->space, next->class, next->address);

		if (((at - from) & mask) < ((at - hole) & mask))
			continue;
		live->table[hole] = *next;
		hole = at;
	}
	live->table[hole].used = 0;
	live->n--;
}

void live_free(struct live *live)
{
	free(live->table);
	*live = (struct live){0};
}
