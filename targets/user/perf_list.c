/* SPDX-License-Identifier: GPL-2.0-only */
/* perf_list.c - see perf_list.h. */
#include "perf_list.h"

#include <ctype.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>

#include "perf_raw.h"

enum where { PERF_APART, PERF_KERNEL, PERF_ANY };

enum {
#define PERF_GROUP(name, about) GROUP_##name,
#define PERF_EVENT(name, where, type, config, unit, better)
#include "perf_events.def"
#undef PERF_GROUP
#undef PERF_EVENT
	GROUP_TRACEPOINTS, /* the first of as many as are named: each is one alone */
};

/* linux/perf_event.h: the cache, what is done, and how that ends, a byte each. */
#define PERF_CACHE(cache, op, result)                                     \
	(PERF_COUNT_HW_CACHE_##cache | PERF_COUNT_HW_CACHE_OP_##op << 8 | \
	 PERF_COUNT_HW_CACHE_RESULT_##result << 16)

/* In order: a group's name, without a unit, then its events. */
static const struct entry {
	const char *name, *unit;
	enum where where;
	uint32_t type;
	uint64_t config;
	enum tri_better better;
} entries[] = {
#define PERF_GROUP(name, about) {#name, NULL, PERF_ANY, 0, 0, TRI_BETTER_NONE},
#define PERF_EVENT(name, where, type, config, unit, better) \
	{#name, unit, where, type, config, TRI_BETTER_##better},
#include "perf_events.def"
#undef PERF_GROUP
#undef PERF_EVENT
};
#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

const char *perf_list_groups(void)
{
	static const char names[] = ""
#define PERF_GROUP(name, about) ", " #name
#define PERF_EVENT(name, where, type, config, unit, better)
#include "perf_events.def"
#undef PERF_GROUP
#undef PERF_EVENT
		;

	return names + strlen(", ");
}

static bool has(const struct perf_list *list, const char *event)
{
	for (unsigned int i = 0; i < list->n; i++)
		if (!strcmp(perf_event(&list->counter[i]), event))
			return true;
	return false;
}

static int add(struct perf_list *list, const struct perf_counter *like, const char *name,
	       const char *suffix)
{
	struct perf_counter *to = &list->counter[list->n];
	int length;

	if (list->n == PERF_COUNTERS_MAX)
		return -ENOSPC;
	*to = *like;
	length = snprintf(to->name, sizeof(to->name), "perf_%s%s", name, suffix);
	if (length < 0 || (size_t)length >= sizeof(to->name))
		return -ENAMETOOLONG;
	/* Named by itself and with its group, it is one counter all the same. */
	list->n += !has(list, perf_event(to));
	return 0;
}

/* User space and kernel are groups of their own: twice the counters would seldom fit a PMU. */
static int add_event(struct perf_list *list, const struct entry *event, unsigned int group)
{
	struct perf_counter counter = {
		.unit = event->unit,
		.better = event->better,
		.type = event->type,
		.config = event->config,
		.group = 2 * group,
	};
	int error;

	if (event->where != PERF_APART) {
		/* Who excludes the kernel needs no right to see it. */
		counter.side = event->where == PERF_ANY ? PERF_SIDE_USER : PERF_SIDE_BOTH;
		return add(list, &counter, event->name, "");
	}
	counter.side = PERF_SIDE_USER;
	error = add(list, &counter, event->name, "_user");
	if (error)
		return error;
	counter.side = PERF_SIDE_KERNEL;
	counter.group++;
	return add(list, &counter, event->name, "_kernel");
}

/* An event, a group, or with @name NULL everything; -ENOENT: none is called so. */
static int add_named(struct perf_list *list, const char *name)
{
	bool in_group = false, found = false;
	unsigned int group = 0;
	int error = 0;

	for (size_t i = 0; i < ENTRIES && !error; i++) {
		bool named = !name || !strcmp(entries[i].name, name);

		found |= named;
		if (!entries[i].unit) {
			in_group = named;
			group += i > 0;
		} else if (named || in_group) {
			error = add_event(list, &entries[i], group);
		}
	}
	return error ?: found ? 0 : -ENOENT;
}

static bool is_tracepoint(const char *name)
{
	const char *colon = strchr(name, ':');

	if (!colon || colon == name || !colon[1])
		return false;
	for (const char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("_-", *c) && c != colon)
			return false;
	return true;
}

static int add_tracepoint(struct perf_list *list, const char *name)
{
	const struct perf_counter counter = {
		.unit = "events",
		.better = TRI_BETTER_NONE,
		.type = PERF_TYPE_TRACEPOINT,
		.group = 2 * (GROUP_TRACEPOINTS + list->n),
	};

	return add(list, &counter, name, "");
}

static int parse_names(const char *text, struct perf_list *list, char *why, size_t size)
{
	while (*text) {
		char name[PERF_NAME_MAX];
		size_t length = strcspn(text, "+");
		int error = -ENOENT;

		if (length < sizeof(name)) {
			snprintf(name, sizeof(name), "%.*s", (int)length, text);
			error = is_tracepoint(name) ? add_tracepoint(list, name)
						    : add_named(list, name);
		}
		if (error == -ENOSPC)
			snprintf(why, size, "more than %d counters; name fewer", PERF_COUNTERS_MAX);
		else if (error)
			snprintf(why, size,
				 "no event or group is called \"%.*s\"; groups are %s, a "
				 "tracepoint is system:event, and `trimm-user perf` names all, "
				 "each with "
				 "_user and _kernel, which are counted apart",
				 (int)length, text, perf_list_groups());
		if (error)
			return -EINVAL;
		text += length;
		if (*text == '+' && !*++text)
			text = "+"; /* something is to follow */
	}
	return 0;
}

int perf_list_parse(const char *text, struct perf_list *list, char *why, size_t size)
{
	*list = (struct perf_list){.automatic = !strcmp(text, "auto")};
	if (!strcmp(text, "off"))
		return 0;
	if (list->automatic)
		return add_named(list, NULL);
	if (*text)
		return parse_names(text, list, why, size);
	snprintf(why, size, "give off, auto, or names joined by +");
	return -EINVAL;
}
