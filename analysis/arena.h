/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arena.h - memory that goes all at once, and texts of which each is kept once.
 *
 * A run of a million records holds few different names and units: interned they cost
 * nothing, and equal texts are equal pointers.
 */
#ifndef ANALYSIS_ARENA_H
#define ANALYSIS_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_text {
	struct arena_text *next;
	size_t hash;
	char text[];
};

/* All zero is an empty arena. Out of memory, texts become "" and it is @exhausted. */
struct arena {
	struct arena_chunk *chunks;
	char *at, *end; /* what is left of the newest chunk */
	struct arena_text **buckets;
	size_t nr_buckets, nr_texts;
	bool exhausted;
};

/* Aligned to 16, not zeroed; NULL: no memory. */
void *arena_alloc(struct arena *arena, size_t size);
/* The one copy of @text; NULL for NULL. */
const char *arena_text(struct arena *arena, const char *text);
/* printf into the arena, interned. */
const char *arena_printf(struct arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void arena_free(struct arena *arena);

#endif /* ANALYSIS_ARENA_H */
