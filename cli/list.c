/* SPDX-License-Identifier: GPL-2.0-only */
/* list.c - see list.h. */
#include "list.h"
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void list_add(struct list *list, const char *fmt, ...)
{
	va_list args;

	list->item = cli_alloc(list->item, (list->n + 2) * sizeof(*list->item));
	va_start(args, fmt);
	if (vasprintf(&list->item[list->n], fmt, args) < 0) {
		cli_error("out of memory");
		exit(TRIMM_FAILED);
	}
	va_end(args);
	list->item[++list->n] = NULL;
}

bool list_has(const struct list *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->item[i], text))
			return true;
	return false;
}

void list_free(struct list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->item[i]);
	free(list->item);
	*list = (struct list){NULL, 0};
}
