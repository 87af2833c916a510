/* SPDX-License-Identifier: GPL-2.0-only */
/* table.c - see table.h. */
#include "table.h"

#include <stdbool.h>
#include <stdlib.h>

#define SIZE_FIRST 1024

/* Multiplicative: neighbours go far apart, whatever the alignment they have. */
static size_t home(const struct table *table, uint64_t key)
{
	return (key * 0x9e3779b97f4a7c15ULL >> 20) & (table->size - 1);
}

static struct table_item *place(const struct table *table, uint64_t key)
{
	size_t i = home(table, key);

	while (table->items[i].key && table->items[i].key != key)
		i = (i + 1) & (table->size - 1);
	return &table->items[i];
}

struct table_item *table_find(const struct table *table, uint64_t key)
{
	struct table_item *item;

	if (!table->count)
		return NULL;
	item = place(table, key);
	return item->key ? item : NULL;
}

static bool grow(struct table *table)
{
	struct table larger = {.size = table->size ? 2 * table->size : SIZE_FIRST,
			       .count = table->count};

	larger.items = calloc(larger.size, sizeof(*larger.items));
	if (!larger.items)
		return false;
	for (size_t i = 0; i < table->size; i++)
		if (table->items[i].key)
			*place(&larger, table->items[i].key) = table->items[i];
	free(table->items);
	*table = larger;
	return true;
}

struct table_item *table_add(struct table *table, uint64_t key)
{
	struct table_item *item;

	if (table->count >= table->size / 4 * 3 && !grow(table))
		return NULL;
	item = place(table, key);
	*item = (struct table_item){.key = key};
	table->count++;
	return item;
}

/* What comes behind, and would not be found beyond the hole, moves up. */
void table_remove(struct table *table, struct table_item *item)
{
	const size_t mask = table->size - 1;
	size_t hole = (size_t)(item - table->items);

	for (size_t i = (hole + 1) & mask; table->items[i].key; i = (i + 1) & mask) {
		if (((i - home(table, table->items[i].key)) & mask) < ((i - hole) & mask))
			continue;
		table->items[hole] = table->items[i];
		hole = i;
	}
	table->items[hole].key = 0;
	table->count--;
}

void table_free(struct table *table)
{
	free(table->items);
	*table = (struct table){0};
}
