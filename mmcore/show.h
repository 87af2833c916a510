/* SPDX-License-Identifier: GPL-2.0-only */
/* show.h - one function per line of shows.def. See tri_show.h. */
#ifndef MMCORE_SHOW_H
#define MMCORE_SHOW_H

#include "text.h"
#include "tri_show.h"

#define SHOW(name, about) void show_##name(struct tri_core *core, struct text *text);
#include "shows.def"
#undef SHOW

#endif /* MMCORE_SHOW_H */
