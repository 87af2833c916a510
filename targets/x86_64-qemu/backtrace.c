/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * backtrace.c - frames are followed as long as they lie in a stack and lead upwards. Measured
 * functions that call nobody have none (-momit-leaf-frame-pointer): their caller may be missing.
 */
#include "backtrace.h"

#include <stddef.h>

#include "machine.h"
#include "stacks.h"

#define LINES 64

/* Made from the linked image (build.mk): sorted by offset. */
struct symbol {
	uint32_t offset; /* from image_text */
	uint32_t name;	 /* in symbol_names */
};
extern const struct symbol symbols[];
extern const uint32_t symbols_count;
extern const char symbol_names[];
extern const char image_text[], image_text_end[];

static bool in_text(uintptr_t addr)
{
	return addr >= (uintptr_t)image_text && addr < (uintptr_t)image_text_end;
}

/* The function @addr lies in; NULL: none. */
static const struct symbol *find(uintptr_t addr)
{
	uint32_t offset = addr - (uintptr_t)image_text, low = 0, high = symbols_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (symbols[middle].offset <= offset)
			low = middle;
		else
			high = middle;
	}
	return in_text(addr) && low < symbols_count && symbols[low].offset <= offset ? &symbols[low]
										     : NULL;
}

static void say(const char *how, uintptr_t addr, const struct symbol *symbol)
{
	if (symbol)
		words_printf("  %s %s+0x%lx", how, symbol_names + symbol->name,
			     addr - (uintptr_t)image_text - symbol->offset);
	else
		words_printf("  %s 0x%lx", how, addr);
}

/*
 * The caller that goes on at @addr, if it does: a call that never returns is the last instruction
 * of its function, and what follows is another's.
 */
static void say_caller(uintptr_t addr)
{
	say("from", addr, find(addr - 1));
}

/* Called, but before its first instruction was done: it has no frame yet. */
static bool just_called(uintptr_t rip)
{
	const struct symbol *symbol = find(rip);

	return !symbol || rip == (uintptr_t)image_text + symbol->offset;
}

/* A function that calls itself until the stack is full takes one line. */
static void say_repeats(unsigned long repeats)
{
	if (repeats)
		words_printf("    and %lu times more", repeats);
}

void backtrace_say(uintptr_t rip, uintptr_t rsp, uintptr_t rbp)
{
	unsigned long lines = 0, repeats = 0;
	uintptr_t last = 0;

	say("at", rip, find(rip));
	if (just_called(rip) && stack_holds(rsp))
		say_caller(*(const uintptr_t *)rsp);
	while (lines < LINES && !(rbp & 7) && stack_holds(rbp)) {
		const uintptr_t *frame = (const uintptr_t *)rbp;

		if (!in_text(frame[1]))
			break;
		if (frame[1] == last) {
			repeats++;
		} else {
			say_repeats(repeats);
			repeats = 0;
			say_caller(frame[1]);
			lines++;
		}
		if (frame[0] <= rbp)
			break;
		last = frame[1];
		rbp = frame[0];
	}
	say_repeats(repeats);
}
