/* SPDX-License-Identifier: GPL-2.0-only */
/* show.c - the list of what can be looked at, and the way to it. */
#include "show.h"
#include "core.h"

const struct tri_show_info tri_show_info[TRI_SHOW_COUNT] = {
#define SHOW(name, about) {#name, about},
#include "shows.def"
#undef SHOW
};

void tri_show(struct tri_core *core, enum tri_show what,
	      void (*write)(void *arg, const char *piece, size_t length), void *arg)
{
	struct text text = {.write = write, .arg = arg};

	plat_might_sleep();
	switch (what) {
#define SHOW(name, about)                 \
	case TRI_SHOW_##name:             \
		show_##name(core, &text); \
		break;
#include "shows.def"
#undef SHOW
	case TRI_SHOW_COUNT:
		break;
	}
	text_end(&text);
}
