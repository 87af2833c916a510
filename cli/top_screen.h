/* SPDX-License-Identifier: GPL-2.0-only */
/* top_screen.h - `trimm top` on a terminal, by ncurses; what it shows is top_model.h's. */
#ifndef CLI_TOP_SCREEN_H
#define CLI_TOP_SCREEN_H

#include "top_model.h"

#include <stdbool.h>

struct top_screen {
	struct top_model *model;
	const char *title; /* what is looked at */
	int focus;	   /* the table that keys are for */
	bool alone;	   /* it has the whole screen */
	bool paused, over;
	size_t from[TOP_TABLES]; /* first row shown */
};

/* Take over the terminal; false after one line if it can't be. */
bool top_screen_open(struct top_screen *screen, struct top_model *model, const char *title);
void top_screen_draw(struct top_screen *screen);
/* Do what the keys say that were pressed: sets paused, over; draws. */
void top_screen_keys(struct top_screen *screen);
/* The terminal as it was. */
void top_screen_close(void);

#endif /* CLI_TOP_SCREEN_H */
