/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * contents.h - a pattern in allocated memory, so that memory handed out twice, lost in a move
 * or not zeroed shows. Each object's pattern follows from its id and the offset.
 *
 * Of objects larger than CONTENTS_DENSE only the ends of each page, counted from the start of
 * the object, and of the object are written and read: 16 bytes a page find what 4096 would.
 * Addresses of the window are translated as the model of the machine says they are.
 */
#ifndef TESTS_CONTENTS_H
#define TESTS_CONTENTS_H

#include <stdbool.h>
#include <stdint.h>

#define CONTENTS_DENSE 256UL

/* [from, size) of the object at @at gets the pattern of @id. */
void contents_fill(void *at, unsigned long from, unsigned long size, uint32_t id);
/* What contents_fill(at, 0, size, id) wrote below @end is still there. */
bool contents_intact(const void *at, unsigned long end, unsigned long size, uint32_t id);
/* [from, size) is zero: all of the first page, of the others where a pattern would be. */
bool contents_zero(const void *at, unsigned long from, unsigned long size);

#endif /* TESTS_CONTENTS_H */
