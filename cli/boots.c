/* SPDX-License-Identifier: GPL-2.0-only */
/* boots.c - see boots.h. */
#include "boots.h"

#include <stdlib.h>
#include <string.h>

/* More would be a line too long for some system's execve(), 2 MiB; a boot less hardly matters. */
#define CASES_OF_A_BOOT 1024

/* The value of a case's word, or "". */
static const char *value_of(const struct plan_case *at, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 1; i < at->words.n; i++)
		if (!strncmp(at->words.item[i], name, length) && at->words.item[i][length] == '=')
			return at->words.item[i] + length + 1;
	return "";
}

static bool is_same_guest(const struct plan_case *a, const struct plan_case *b)
{
	static const char *const names[] = {"accel", "cpus", "ram", "watchdog"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(value_of(a, names[i]), value_of(b, names[i])))
			return false;
	return a->target == b->target;
}

/* What a plugin counts, which it does of one CPU, has a boot of its own. */
static bool may_share(const struct plan_case *at)
{
	const char *cpus = value_of(at, "cpus");

	return at->target->kernel && !strcmp(value_of(at, "boot"), "shared") &&
	       !(at->target->exact && (!*cpus || !strcmp(cpus, "1")));
}

size_t boots_run(const struct plan_case *cases, size_t n)
{
	size_t together = 1;

	while (may_share(cases) && together < n && together < CASES_OF_A_BOOT &&
	       may_share(&cases[together]) && is_same_guest(cases, &cases[together]))
		together++;
	return together;
}

size_t boots_check(const struct plan_case *cases, size_t n)
{
	size_t together = 1;

	while (cases->target->kernel && together < n && together < CASES_OF_A_BOOT &&
	       is_same_guest(cases, &cases[together]))
		together++;
	return together;
}

bool boots_next(const char *line, size_t length, int *code)
{
	static const char next[] = "{\"t\":\"next\",\"code\":";

	if (length < sizeof(next) || strncmp(line, next, sizeof(next) - 1))
		return false;
	*code = atoi(line + sizeof(next) - 1);
	return true;
}
