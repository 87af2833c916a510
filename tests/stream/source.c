/* SPDX-License-Identifier: GPL-2.0-only */
/* source.c - decisions by bytes or by a generator; see source.h. */
#include "tests/stream/source.h"

struct source source_of_seed(uint64_t seed, unsigned long operations)
{
	return (struct source){.random = seed ? seed : 1, .left = operations};
}

bool source_more(struct source *source)
{
	bool more = source->end ? source->next < source->end : source->left > 0;

	source->left -= more && !source->end;
	source->taken += more;
	return more;
}

/* Xorshift (Marsaglia 2003); its low bits are the weak ones. */
static uint32_t generate(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 32;
}

unsigned long source_below(struct source *source, unsigned long limit)
{
	unsigned long value = 0;

	if (!source->end)
		return generate(&source->random) * limit >> 32;
	/* No more bytes than the choice needs: a fuzzer then changes one at a time. */
	for (unsigned long span = 1; span < limit; span <<= 8)
		value = value << 8 | (source->next < source->end ? *source->next++ : 0);
	return value % limit;
}

unsigned long source_size(struct source *source, unsigned long max)
{
	unsigned long bits = source_below(source, 8 * sizeof(max) - __builtin_clzl(max));
	unsigned long size = (1UL << bits) + source_below(source, 1UL << bits);

	return size < max ? size : max;
}
