/* SPDX-License-Identifier: GPL-2.0-only */
/* list.h - a growing list of strings of its own, always ended by NULL: an argv, when wanted. */
#ifndef CLI_LIST_H
#define CLI_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	char **item; /* NULL while empty */
	size_t n;
};

void list_add(struct list *list, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool list_has(const struct list *list, const char *text);
void list_free(struct list *list);

#endif /* CLI_LIST_H */
