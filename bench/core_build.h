/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * core_build.h - what a build of mmcore as a shared object exports, and all it exports: one
 * structure. What two revisions may number otherwise, or have more or fewer of, goes by name:
 * events, policies, tunables, shows, families. What goes by layout is compared before it is used.
 */
#ifndef BENCH_CORE_BUILD_H
#define BENCH_CORE_BUILD_H

#include "subject.h"

/* The symbol, a struct core_build; another beginning of that is another version. */
#define CORE_BUILD_SYMBOL  "trimm_core"
#define CORE_BUILD_VERSION "trimm_core_1"

/*
 * What is shared by layout, beside this structure: also what a core expects of its host. Raise it
 * where a change of meaning leaves all sizes below as they are.
 */
#define CORE_ABI 1
#define CORE_LAYOUTS                                                                      \
	CORE_LAYOUT("CORE_ABI", CORE_ABI)                                                 \
	CORE_LAYOUT("struct core_build", sizeof(struct core_build))                       \
	CORE_LAYOUT("struct core_calls", sizeof(struct core_calls))                       \
	CORE_LAYOUT("struct core_names", sizeof(struct core_names))                       \
	CORE_LAYOUT("struct subject_api", sizeof(struct subject_api))                     \
	CORE_LAYOUT("struct tri_run", sizeof(struct tri_run))                             \
	CORE_LAYOUT("the head of struct tri_config", offsetof(struct tri_config, policy)) \
	CORE_LAYOUT("a page's shift", TRI_PAGE_SHIFT)                                     \
	CORE_LAYOUT("the largest order", TRI_MAX_ORDER)                                   \
	CORE_LAYOUT("levels of the page allocator", TRI_PAGE_SLOW)
struct core_layout {
	const char *what;
	unsigned long value;
};

/* The harness's names, in its order. */
struct core_names {
	const char *const *events, *const *tunables, *const *shows;
	unsigned int nr_events, nr_tunables, nr_shows;
	size_t status_bytes; /* of its struct tri_status */
};

/* A setting as its user wrote it. */
struct core_word {
	const char *name, *value;
};

struct core_build {
	const struct core_layout *layouts; /* ended by a NULL @what */
	const char *revision;
	/* Once, before anything below is used; @harness stays. */
	void (*start)(const struct core_names *harness);
	/*
	 * What the cores made from now on are set to: this build's defaults, then @words in order;
	 * @untimed: and nothing that a clock starts. NULL, or why not: one line, valid until the
	 * next call.
	 */
	const char *(*configure)(const struct core_word *words, unsigned int n, bool untimed);
	const struct core_calls *calls;
	/* As of struct subject, of the families that @family names; that is ended by NULL. */
	const char *const *family;
	const struct subject_api *const *api;
	const char *const *lacks;
	uintptr_t (*cache_create)(unsigned int size);
	void (*cache_destroy)(uintptr_t cache);
	uintptr_t (*frames_get)(unsigned long n);
	void (*frames_put)(uintptr_t frames);
	long (*held)(void);
	void (*finish)(void);
};

#endif /* BENCH_CORE_BUILD_H */
