/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check.h - what the parts of tri_check() share.
 *
 * The idea: every structure claims the frames it holds, a frame can be claimed once and
 * only in the state that fits; in the end every frame in such a state must be claimed.
 */
#ifndef MMCORE_CHECK_H
#define MMCORE_CHECK_H

#include "core.h"

struct check {
	struct tri_core *core;
	unsigned long faults;
	unsigned long claims[FRAME_STATES]; /* frames claimed, by state */
};

#define CHECK_FAULT(check, ...)                      \
	do {                                         \
		(check)->faults++;                   \
		plat_log("tri_check: " __VA_ARGS__); \
	} while (0)

/* check_frames.c */
void check_claim(struct check *check, struct frame *frame, enum frame_state state,
		 unsigned int order, const char *who);
void check_frame_lists(struct check *check);
/* Last: everybody has claimed. */
void check_frames_end(struct check *check);

/* check_areas.c */
void check_areas(struct check *check);

#endif /* MMCORE_CHECK_H */
