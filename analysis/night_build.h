/* SPDX-License-Identifier: GPL-2.0-only */
/* night_build.h - a night with the memory behind it; private to night*.c. */
#ifndef ANALYSIS_NIGHT_BUILD_H
#define ANALYSIS_NIGHT_BUILD_H

#include "arena.h"
#include "night.h"

/* Callers see only the first member. */
struct night_memory {
	struct night night;
	struct arena arena; /* texts and counters */
	size_t room_cases, room_runs[NIGHT_PARTS];
};

#endif /* ANALYSIS_NIGHT_BUILD_H */
