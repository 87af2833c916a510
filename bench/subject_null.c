/* SPDX-License-Identifier: GPL-2.0-only */
/* subject_null.c - does nothing, and so measures the harness around it. */
#include "subject.h"

static void *null_alloc(unsigned long size)
{
	return (void *)size;
}

static void null_free(void *memory)
{
	(void)memory;
}

const struct subject subject_null = {
	.name = "null",
	.about = "nothing: what remains is the harness's own cost",
	.alloc = null_alloc,
	.free = null_free,
};
