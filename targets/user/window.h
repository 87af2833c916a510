/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * window.h - the addresses mmcore maps into, and the two ways the host can back them.
 *
 * linear: one memfd, offset linear in address. For measuring: mapping is free, a flush is
 * one call. Not seen: which frame lies where, and a use after the flush.
 * exact: each frame where mmcore says, stale until the flush, a fault after it. For tests.
 */
#ifndef USER_WINDOW_H
#define USER_WINDOW_H

#include "tri.h"
#include "words.h"

struct exact_page;

struct window {
	uintptr_t start, end;	     /* 2 MiB aligned; 0, 0: a free entry of the table */
	struct exact_page *pages;    /* NULL: linear */
	size_t used_start, used_end; /* exact: page numbers that were ever mapped lie within */
};

/* NULL if the host has no room: a line has been said. */
struct window *window_create(size_t bytes, bool exact);
void window_destroy(struct window *window);
/* The window an address lies in, or NULL. For signal handlers too. */
struct window *window_find(uintptr_t addr);

/* --- window_linear.c --- */
int linear_open(struct window *window);
void linear_flush(uintptr_t start, uintptr_t end);

/* --- window_exact.c --- */
int exact_open(struct window *window);
void exact_close(struct window *window);
int exact_store(struct window *window, uintptr_t va, unsigned int level, size_t n,
		const uint64_t *entries);
void exact_flush(struct window *window, uintptr_t start, uintptr_t end);
/* Why a use of @addr faulted. In the signal handler. */
void exact_explain(const struct window *window, uintptr_t addr, struct words *line);

#endif /* USER_WINDOW_H */
