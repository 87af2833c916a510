/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * config.h - the settings of a core: generated from policies.def, eras.def and tunables.def.
 */
#ifndef MMCORE_CONFIG_H
#define MMCORE_CONFIG_H

#include "platform.h"

/* One per design question of policies.def, e.g. TRI_QUESTION_flush. */
enum tri_question {
#define QUESTION(name, about) TRI_QUESTION_##name,
#include "policies.def"
	TRI_QUESTION_COUNT
};

/* One per answer, e.g. TRI_POLICY_flush_lazy. */
enum tri_policy_value {
#define POLICY(question, answer, text, about) TRI_POLICY_##question##_##answer,
#include "policies.def"
	TRI_POLICY_COUNT
};

enum tri_era {
	TRI_ERA_COUNT = 0
#define ERA(name, answers, about) +1
#include "eras.def"
#undef ERA
};

enum tri_tunable {
#define TUNABLE(name, unit, def, min, max, about) TRI_TUNABLE_##name,
#include "tunables.def"
#undef TUNABLE
	TRI_TUNABLE_COUNT
};

struct tri_question_info {
	const char *name, *about;
};
extern const struct tri_question_info tri_question_info[TRI_QUESTION_COUNT];

struct tri_policy_info {
	const char *question, *answer, *about;
};
extern const struct tri_policy_info tri_policy_info[TRI_POLICY_COUNT];

/* A Linux release as a bundle of answers: "question=answer question=answer ...". */
struct tri_era_info {
	const char *name, *answers, *about;
};
extern const struct tri_era_info tri_era_info[TRI_ERA_COUNT];

struct tri_tunable_info {
	const char *name, *unit, *about;
	unsigned long def, min, max;
};
extern const struct tri_tunable_info tri_tunable_info[TRI_TUNABLE_COUNT];

/* A run of frames: first is a multiple of 2^TRI_MAX_ORDER; count is at least 1. */
struct tri_run {
	unsigned long first, count;
};

/*
 * zone_end: multiples of 2^TRI_MAX_ORDER, ascending; 0: there is no such zone. All other frames
 * are of zone NORMAL.
 */
struct tri_config {
	unsigned int cpus;		    /* CPUs that will enter: 1..TRI_MAX_CPUS */
	uintptr_t window_start, window_end; /* 2 MiB aligned, at least 4 MiB */
	const struct tri_run *runs;	    /* sorted, disjoint; read by init only */
	unsigned int nr_runs;		    /* 1..TRI_MAX_RUNS */
	unsigned long zone_end[2];	    /* first pfn above DMA, above DMA32 */
	enum tri_policy_value policy[TRI_QUESTION_COUNT];
	unsigned long tunable[TRI_TUNABLE_COUNT];
};

/* Defaults for everything but cpus, window and runs. */
void tri_config_default(struct tri_config *config);

/*
 * Set a policy or tunable by name, as a user writes it: -ENOENT no such name, -EINVAL no
 * such policy value or not a number, -ERANGE number out of range. Numbers are decimal.
 * The name "era" answers all questions at once; whatever is set after it overrides that. On
 * error, nothing has changed.
 */
int tri_config_set(struct tri_config *config, const char *name, const char *value);
/* The present answer of a policy question as text, or NULL. */
const char *tri_config_policy(const struct tri_config *config, const char *question);

/* The value in force (defaults worked out). */
unsigned long tri_tunable_get(const struct tri_core *core, enum tri_tunable which);

#endif /* MMCORE_CONFIG_H */
