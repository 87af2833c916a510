/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * source.h - where a stream of operations takes its decisions from: the bytes of a fuzzer's
 * input, or a seeded generator. The stream does not know which, so what a fuzzer found is
 * replayed, and what was fuzzed for a minute is also run ten million times.
 */
#ifndef TESTS_SOURCE_H
#define TESTS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source {
	const uint8_t *next, *end; /* an input's bytes; NULL, NULL: the generator */
	uint64_t random;	   /* the generator's state, not 0 */
	unsigned long left;	   /* operations the generator still gives */
	unsigned long taken;	   /* operations so far */
};

static inline struct source source_of_bytes(const uint8_t *bytes, size_t size)
{
	return (struct source){.next = bytes, .end = bytes + size};
}

struct source source_of_seed(uint64_t seed, unsigned long operations);

/* Is there another operation? Counts it. */
bool source_more(struct source *source);

/* 0 .. @limit - 1; 0 once the bytes are used up. @limit: 1 .. 2^32. */
unsigned long source_below(struct source *source, unsigned long limit);

/* 1 .. @max, each power of two as likely as the next: sizes, mostly small. */
unsigned long source_size(struct source *source, unsigned long max);

#endif /* TESTS_SOURCE_H */
