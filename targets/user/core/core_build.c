/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * core_build.c - mmcore as a shared object: see bench/core_build.h. Each that loads it has a copy
 * of its own, so what is static here is of one arm.
 */
#include "core_build.h"
#include "core_calls.h"

#ifndef CORE_REVISION
#define CORE_REVISION "unknown"
#endif

/* More names than these a harness may have are unknown here. */
#define NAMES_MAX 512

static struct core_names harness;
/* Ours of each of the harness's; -1: there is none. */
static short event_of[NAMES_MAX], tunable_of[NAMES_MAX], show_of[NAMES_MAX];

static struct tri_config config;
static unsigned long in_force[TRI_TUNABLE_COUNT];
static char why[256];

static const char *event_name(unsigned int i)
{
	return i < TRI_EVENT_COUNT ? tri_event_info[i].name : NULL;
}

static const char *tunable_name(unsigned int i)
{
	return i < TRI_TUNABLE_COUNT ? tri_tunable_info[i].name : NULL;
}

static const char *show_name(unsigned int i)
{
	return i < TRI_SHOW_COUNT ? tri_show_info[i].name : NULL;
}

static unsigned int map(short *to, const char *const *names, unsigned int n,
			const char *(*name)(unsigned int i))
{
	n = n < NAMES_MAX ? n : NAMES_MAX;
	for (unsigned int i = 0; i < n; i++) {
		short k = 0;

		while (name(k) && strcmp(name(k), names[i]))
			k++;
		to[i] = name(k) ? k : -1;
	}
	return n;
}

static void take_names(const struct core_names *names)
{
	harness = *names;
	harness.nr_events = map(event_of, names->events, names->nr_events, event_name);
	harness.nr_tunables = map(tunable_of, names->tunables, names->nr_tunables, tunable_name);
	harness.nr_shows = map(show_of, names->shows, names->nr_shows, show_name);
}

static void say(const char *text)
{
	size_t n = 0;

	while (why[n])
		n++;
	while (*text && n < sizeof(why) - 1)
		why[n++] = *text++;
	why[n] = 0;
}

static const char *refuse(const struct core_word *word, const char *what)
{
	why[0] = 0;
	say("this build has no ");
	say(what);
	say(word->name);
	say("=");
	say(word->value);
	return why;
}

static const char *configure(const struct core_word *words, unsigned int n, bool untimed)
{
	tri_config_default(&config);
	for (unsigned int i = 0; i < n; i++) {
		int error = tri_config_set(&config, words[i].name, words[i].value);

		if (error)
			return refuse(&words[i], error == -ENOENT ? "setting " : "such value: ");
	}
	if (untimed)
		config.tunable[TRI_TUNABLE_slab_reap_ticks] = 0;
	return NULL;
}

/* What comes before the policies is alike: CORE_LAYOUTS. */
static const struct tri_config *placed(const struct tri_config *place)
{
	memcpy(&config, place, offsetof(struct tri_config, policy));
	return &config;
}

static size_t core_size(const struct tri_config *place)
{
	return tri_core_size(placed(place));
}

static int core_init(struct tri_core *core, const struct tri_config *place)
{
	int error = tri_core_init(core, placed(place));

	for (unsigned int i = 0; !error && i < TRI_TUNABLE_COUNT; i++)
		in_force[i] = tri_tunable_get(core, i);
	return error;
}

static void core_events_read(const struct tri_core *core, unsigned long *out)
{
	static unsigned long own[TRI_EVENT_COUNT];

	tri_events_read(core, own);
	for (unsigned int i = 0; i < harness.nr_events; i++)
		out[i] = event_of[i] < 0 ? CORE_NONE : own[event_of[i]];
}

/* A field that only one of both has is at the end. */
static void core_status_read(struct tri_core *core, struct tri_status *out)
{
	struct tri_status status;
	size_t both = sizeof(status) < harness.status_bytes ? sizeof(status) : harness.status_bytes;

	tri_status_read(core, &status);
	memset(out, 0, harness.status_bytes);
	memcpy(out, &status, both);
}

static unsigned long core_tunable_get(const struct tri_core *core, enum tri_tunable which)
{
	return tunable_of[which] < 0 ? CORE_NONE : tri_tunable_get(core, tunable_of[which]);
}

static void core_show(struct tri_core *core, enum tri_show what,
		      void (*write)(void *arg, const char *piece, size_t length), void *arg)
{
	static const char none[] = "this build shows no such thing\n";

	if (show_of[what] < 0)
		write(arg, none, sizeof(none) - 1);
	else
		tri_show(core, show_of[what], write, arg);
}

static bool setting(unsigned int i, const char **name, const char **answer, unsigned long *number)
{
	*answer = NULL;
	if (i < TRI_QUESTION_COUNT) {
		*name = tri_question_info[i].name;
		*answer = tri_policy_info[config.policy[i]].answer;
		return true;
	}
	i -= TRI_QUESTION_COUNT;
	if (i >= TRI_TUNABLE_COUNT)
		return false;
	*name = tri_tunable_info[i].name;
	*number = in_force[i];
	return true;
}

static const char *const family[] = {
#define FAMILY(symbol, name, about) name,
#include "families.def"
#undef FAMILY
	NULL,
};

static const struct core_layout layouts[] = {
#define CORE_LAYOUT(what, value) {what, value},
	CORE_LAYOUTS
#undef CORE_LAYOUT
	{NULL, 0},
};

/* As core_calls_mmcore, but for what goes by name. */
static struct core_calls calls;
static void start(const struct core_names *names);

/* Everything is hidden, by -fvisibility, and made local, by core.map, but this. */
extern struct core_build trimm_core;
__attribute__((visibility("default"))) struct core_build trimm_core = {
	.layouts = layouts,
	.revision = CORE_REVISION,
	.start = start,
	.configure = configure,
	.calls = &calls,
	.family = family,
};

static void start(const struct core_names *names)
{
	const struct subject *subject = &subject_mmcore;

	take_names(names);
	calls = core_calls_mmcore;
	calls.size = core_size;
	calls.init = core_init;
	calls.events_read = core_events_read;
	calls.status_read = core_status_read;
	calls.tunable_get = core_tunable_get;
	calls.show = core_show;
	calls.setting = setting;
	trimm_core.api = subject->api;
	trimm_core.lacks = subject->lacks;
	trimm_core.cache_create = subject->cache_create;
	trimm_core.cache_destroy = subject->cache_destroy;
	trimm_core.frames_get = subject->frames_get;
	trimm_core.frames_put = subject->frames_put;
	trimm_core.held = subject->held;
	trimm_core.finish = subject->finish;
}
