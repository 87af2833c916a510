/* SPDX-License-Identifier: GPL-2.0-only */
/* symbols.c - see symbols.h. */
#include "symbols.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct symbol {
	uint64_t address;
	char *name;
};

struct symbols {
	struct symbol *symbol;
	size_t count, room;
	bool read;
};

static int by_address(const void *a, const void *b)
{
	const struct symbol *first = a, *second = b;

	return first->address < second->address ? -1 : first->address > second->address;
}

static bool add(struct symbols *symbols, uint64_t address, const char *name)
{
	struct symbol *more;

	if (symbols->count == symbols->room) {
		symbols->room = symbols->room ? 2 * symbols->room : 1 << 16;
		more = reallocarray(symbols->symbol, symbols->room, sizeof(*more));
		if (!more)
			return false;
		symbols->symbol = more;
	}
	symbols->symbol[symbols->count].address = address;
	symbols->symbol[symbols->count].name = strdup(name);
	if (!symbols->symbol[symbols->count].name)
		return false;
	symbols->count++;
	return true;
}

struct symbols *symbols_open(void)
{
	return calloc(1, sizeof(struct symbols));
}

/* Once, when the first is asked for: it takes a tenth of a second, and most traces need no name. */
static void read_all(struct symbols *symbols)
{
	FILE *file = symbols->read ? NULL : fopen("/proc/kallsyms", "re");
	uint64_t address;
	char kind, name[256], line[512];
	bool room = true;

	symbols->read = true;
	while (room && file && fgets(line, sizeof(line), file))
		/* Code only; an address of 0 is one that is hidden. */
		if (sscanf(line, "%" SCNx64 " %c %255s", &address, &kind, name) == 3 && address &&
		    strchr("tTwW", kind))
			room = add(symbols, address, name);
	if (!file)
		return;
	fclose(file);
	qsort(symbols->symbol, symbols->count, sizeof(*symbols->symbol), by_address);
}

void symbols_close(struct symbols *symbols)
{
	if (!symbols)
		return;
	for (size_t i = 0; i < symbols->count; i++)
		free(symbols->symbol[i].name);
	free(symbols->symbol);
	free(symbols);
}

/* The last that begins at @address or before it; NULL: none. */
static const struct symbol *find(struct symbols *symbols, uint64_t address)
{
	size_t low = 0, high;

	read_all(symbols);
	high = symbols->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->symbol[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &symbols->symbol[low - 1] : NULL;
}

void symbols_name(struct symbols *symbols, uint64_t address, char *text, size_t size)
{
	const struct symbol *symbol = find(symbols, address);

	if (symbol)
		snprintf(text, size, "%s", symbol->name);
	else
		snprintf(text, size, "0x%" PRIx64, address);
}

void symbols_place(struct symbols *symbols, uint64_t address, char *text, size_t size)
{
	const struct symbol *symbol = find(symbols, address);

	if (symbol)
		snprintf(text, size, "%s+0x%" PRIx64, symbol->name, address - symbol->address);
	else
		snprintf(text, size, "0x%" PRIx64, address);
}

void symbols_each(struct symbols *symbols, void (*visit)(void *arg, const char *name), void *arg)
{
	read_all(symbols);
	for (size_t i = 0; i < symbols->count; i++)
		visit(arg, symbols->symbol[i].name);
}
