/* SPDX-License-Identifier: GPL-2.0-only */
/* arena.c - memory that goes all at once, and texts of which each is kept once. */
#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More wastes memory on small runs, less costs more calls of malloc(). */
#define CHUNK_SIZE (64UL << 10)
#define ALIGNMENT  16UL

struct arena_chunk {
	struct arena_chunk *next;
	char bytes[] __attribute__((aligned(ALIGNMENT)));
};

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *chunk;
	size_t room;
	void *out;

	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (size > (size_t)(arena->end - arena->at)) {
		room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
		chunk = malloc(sizeof(*chunk) + room);
		if (!chunk)
			return NULL;
		chunk->next = arena->chunks;
		arena->chunks = chunk;
		arena->at = chunk->bytes;
		arena->end = chunk->bytes + room;
	}
	out = arena->at;
	arena->at += size;
	return out;
}

/* Twice as many buckets, so that chains stay short. */
static int grow(struct arena *arena)
{
	size_t nr = arena->nr_buckets ? 2 * arena->nr_buckets : 64;
	struct arena_text **buckets = calloc(nr, sizeof(*buckets)), *text, *next;

	if (!buckets)
		return -1;
	for (size_t i = 0; i < arena->nr_buckets; i++) {
		for (text = arena->buckets[i]; text; text = next) {
			next = text->next;
			text->next = buckets[text->hash % nr];
			buckets[text->hash % nr] = text;
		}
	}
	free(arena->buckets);
	arena->buckets = buckets;
	arena->nr_buckets = nr;
	return 0;
}

static const char *exhausted(struct arena *arena)
{
	arena->exhausted = true;
	return "";
}

const char *arena_text(struct arena *arena, const char *text)
{
	size_t hash = 0xcbf29ce484222325, length; /* FNV-1a */
	struct arena_text *entry;

	if (!text)
		return NULL;
	for (length = 0; text[length]; length++)
		hash = (hash ^ (unsigned char)text[length]) * 0x100000001b3;
	if (arena->nr_texts >= arena->nr_buckets && grow(arena))
		return exhausted(arena);
	for (entry = arena->buckets[hash % arena->nr_buckets]; entry; entry = entry->next) {
		if (entry->hash == hash && !strcmp(entry->text, text))
			return entry->text;
	}
	entry = arena_alloc(arena, sizeof(*entry) + length + 1);
	if (!entry)
		return exhausted(arena);
	memcpy(entry->text, text, length + 1);
	entry->hash = hash;
	entry->next = arena->buckets[hash % arena->nr_buckets];
	arena->buckets[hash % arena->nr_buckets] = entry;
	arena->nr_texts++;
	return entry->text;
}

const char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	const char *out;
	char *text;
	va_list args;
	int length;

	va_start(args, fmt);
	length = vasprintf(&text, fmt, args);
	va_end(args);
	if (length < 0)
		return exhausted(arena);
	out = arena_text(arena, text);
	free(text);
	return out;
}

void arena_free(struct arena *arena)
{
	struct arena_chunk *chunk, *next;

	for (chunk = arena->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(arena->buckets);
	*arena = (struct arena){0};
}
