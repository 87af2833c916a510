/* SPDX-License-Identifier: GPL-2.0-only */
/* contents.c - the pattern of an object; see contents.h. */
#include "tests/stream/contents.h"

#include "tests/stream/stream.h"

#define EDGE 8UL /* bytes written at either end of a page */

static uint8_t pattern(uint32_t id, unsigned long offset)
{
	/* Odd constants with bits all over: neighbours and successors differ in every byte. */
	uint64_t word = (id + 1) * 0x9e3779b97f4a7c15 ^ (offset / 8 + 1) * 0xc2b2ae3d27d4eb4f;

	return word >> offset % 8 * 8;
}

/* Where the @bytes at @at, of one page, can be touched: in their frame. */
static uint8_t *touch(const void *at, unsigned long bytes)
{
	unsigned long page = ((uintptr_t)at - model.window_start) / TRI_PAGE_SIZE;
	uint64_t entry;

	if (page >= model.pages)
		return (uint8_t *)at;
	entry = model.page[page].real;
	expect(entry);
	expect(shadow_open(at, bytes));
	return (uint8_t *)plat_pfn_to_ptr(pagetable_pfn(entry)) + (uintptr_t)at % TRI_PAGE_SIZE;
}

/* What to do with the bytes [from, to) of an object, all in one page of it. */
enum act { FILL, COMPARE, ZERO };

static bool act_on(enum act act, const void *at, unsigned long from, unsigned long to, uint32_t id)
{
	uint8_t *byte;

	if (from >= to)
		return true;
	byte = touch((const char *)at + from, to - from);
	for (unsigned long i = from; i < to; i++, byte++) {
		if (act == FILL)
			*byte = pattern(id, i);
		else if (*byte != (act == ZERO ? 0 : pattern(id, i)))
			return false;
	}
	return true;
}

static unsigned long least(unsigned long a, unsigned long b)
{
	return a < b ? a : b;
}

static unsigned long most(unsigned long a, unsigned long b)
{
	return a > b ? a : b;
}

/* Of [from, end): the bytes that an object of @size has a pattern in. */
static bool act_on_all(enum act act, const void *at, unsigned long from, unsigned long end,
		       unsigned long size, uint32_t id)
{
	unsigned long page = from - from % TRI_PAGE_SIZE;

	if (size <= CONTENTS_DENSE)
		return act_on(act, at, from, end, id);
	for (; page < end; page += TRI_PAGE_SIZE) {
		unsigned long next = least(page + TRI_PAGE_SIZE, size);
		unsigned long head = least(page + EDGE, next);
		unsigned long tail = most(head, next - least(EDGE, next));

		if (!act_on(act, at, most(page, from), least(head, end), id) ||
		    !act_on(act, at, most(tail, from), least(next, end), id))
			return false;
	}
	return true;
}

void contents_fill(void *at, unsigned long from, unsigned long size, uint32_t id)
{
	act_on_all(FILL, at, from, size, size, id);
}

bool contents_intact(const void *at, unsigned long end, unsigned long size, uint32_t id)
{
	return act_on_all(COMPARE, at, 0, least(end, size), size, id);
}

bool contents_zero(const void *at, unsigned long from, unsigned long size)
{
	unsigned long page_end = from - from % TRI_PAGE_SIZE + TRI_PAGE_SIZE;

	/* All of a page at the start, where the tail of what was there before may be. */
	return act_on(ZERO, at, from, least(page_end, size), 0) &&
	       act_on_all(ZERO, at, from, size, size, 0);
}
