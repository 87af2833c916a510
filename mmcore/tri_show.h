/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tri_show.h - the state of a core as text, in the format of Linux's files of the same names
 * under /proc, so that the tools that read those can read this.
 */
#ifndef MMCORE_TRI_SHOW_H
#define MMCORE_TRI_SHOW_H

#include "platform.h"

struct tri_core;

enum tri_show {
#define SHOW(name, about) TRI_SHOW_##name,
#include "shows.def"
#undef SHOW
	TRI_SHOW_COUNT
};

struct tri_show_info {
	const char *name, *about;
};
extern const struct tri_show_info tri_show_info[TRI_SHOW_COUNT];

/*
 * Write @what of @core, in pieces, through @write. Other CPUs may work on; each number is
 * true at some moment of the call. Not pinned; may sleep, and so may @write.
 */
void tri_show(struct tri_core *core, enum tri_show what,
	      void (*write)(void *arg, const char *piece, size_t length), void *arg);

#endif /* MMCORE_TRI_SHOW_H */
