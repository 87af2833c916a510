/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * core_calls.h - what the harness itself asks of a memory core, beside the calls that a workload
 * measures: those are a subject's. A table, since on a target that can load code arms of one case
 * may be cores of several builds. None of it is called while a clock runs.
 *
 * Events, tunables and shows are numbered as in this build, whatever the core's own numbers are.
 */
#ifndef BENCH_CORE_CALLS_H
#define BENCH_CORE_CALLS_H

#include "tri.h"

/* In the place of a value: that build has no such event or tunable. */
#define CORE_NONE (~0UL)

struct core_calls {
	unsigned int check_level; /* it was compiled with */
	/*
	 * As those of tri.h. Of another build @config tells where the core shall live, and no more:
	 * what comes before its policies.
	 */
	size_t (*size)(const struct tri_config *config);
	int (*init)(struct tri_core *core, const struct tri_config *config);
	unsigned long (*exit)(struct tri_core *core);
	unsigned long (*check)(struct tri_core *core);
	void (*events_read)(const struct tri_core *core, unsigned long *out);
	void (*events_reset)(struct tri_core *core);
	void (*status_read)(struct tri_core *core, struct tri_status *out);
	unsigned long (*tunable_get)(const struct tri_core *core, enum tri_tunable which);
	void (*show)(struct tri_core *core, enum tri_show what,
		     void (*write)(void *arg, const char *piece, size_t length), void *arg);
	void (*free_blocks_read)(struct tri_core *core, unsigned long count[TRI_MAX_ORDER + 1]);
	enum tri_page_level (*page_level)(void);
	/*
	 * Of the CPU's current core: a block of any frames there are, reserves too, for a reserve
	 * that nobody can take would stay in one piece. NULL: there is none.
	 */
	void *(*block_get)(unsigned int order);
	void (*block_put)(const void *block, unsigned int order);
	/* Is it an area of the window's, and no block of frames? */
	bool (*is_area)(const void *memory);
	/*
	 * Of another build alone: setting @i as it was in force in the core that was made last;
	 * false: there are no more. @answer: NULL, and the setting is a number.
	 */
	bool (*setting)(unsigned int i, const char **name, const char **answer,
			unsigned long *number);
};

/* Of the core that is linked with the harness. */
extern const struct core_calls core_calls_mmcore;

/* A count to reckon with, where that there is none makes no difference. */
static inline unsigned long core_counted(unsigned long value)
{
	return value == CORE_NONE ? 0 : value;
}

#endif /* BENCH_CORE_CALLS_H */
