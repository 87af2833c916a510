/* SPDX-License-Identifier: GPL-2.0-only */
/* table.h - a number for each of some addresses. */
#ifndef TRACE_TABLE_H
#define TRACE_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table_item {
	uint64_t key; /* 0: the place is free */
	uint64_t value;
};

/* Open addressing, at most three quarters full; all zero to begin with. */
struct table {
	struct table_item *items;
	size_t size; /* a power of two, or 0 */
	size_t count;
};

/* NULL: it is not there. Good until the next call that changes the table, as below. */
struct table_item *table_find(const struct table *table, uint64_t key);
/* A new one of value 0, of a @key that is not there yet, and not 0. NULL: no memory. */
struct table_item *table_add(struct table *table, uint64_t key);
void table_remove(struct table *table, struct table_item *item);
void table_free(struct table *table);

#endif /* TRACE_TABLE_H */
