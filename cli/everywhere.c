/* SPDX-License-Identifier: GPL-2.0-only */
/* everywhere.c - see everywhere.h. */
#include "everywhere.h"
#include "capture.h"
#include "cli.h"
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *program, *words[3], *missing;
} targets[] = {
	{"user", "trimm-user", {"describe"}, "`make` builds it"},
	{"qemu",
	 "trimm-qemu",
	 {"kernel", "describe"},
	 "`make` builds it; it takes qemu-system-x86"},
	{"module kernel=6.1",
	 "trimm-qemu",
	 {"module", "described", "kernel=6.1"},
	 "prepared when it is first used: `trimm list --target module`"},
	{"module kernel=6.12",
	 "trimm-qemu",
	 {"module", "described", "kernel=6.12"},
	 "prepared when it is first used: `trimm list --target module kernel=6.12`"},
};
enum { TARGETS = sizeof(targets) / sizeof(targets[0]) };

json_t *everywhere_ask(void)
{
	json_t *all = json_object();

	for (int i = 0; i < TARGETS; i++) {
		char *program = target_program(targets[i].program), *text = NULL;
		char *argv[] = {program, (char *)targets[i].words[0], (char *)targets[i].words[1],
				(char *)targets[i].words[2], NULL};
		json_t *about = NULL;

		if (!capture(argv, true, &text))
			about = json_loads(text, JSON_DECODE_INT_AS_REAL, NULL);
		if (json_is_array(json_object_get(about, "workloads")))
			json_object_set(all, targets[i].name, about);
		json_decref(about);
		free(text);
		free(program);
	}
	return all;
}

static const json_t *find_in(const json_t *about, const char *list, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach (json_object_get(about, list), i, item) {
		if (!strcmp(about_text(item, "name"), name))
			return item;
	}
	return NULL;
}

static const json_t *find(const json_t *about, const char *name)
{
	return find_in(about, "workloads", name);
}

const char *everywhere_with_param(const json_t *all, const char *name)
{
	for (int i = 0; i < TARGETS; i++)
		if (find_in(json_object_get(all, targets[i].name), "params", name))
			return targets[i].name;
	return NULL;
}

/* Why not, or NULL; what older targets don't tell is no reason. */
static const char *why_not(const json_t *workload)
{
	const char *lacking = about_text(workload, "lacking");

	if (!workload)
		return "it does not know it; it was built of older sources";
	if (*lacking)
		return lacking;
	if (json_object_get(workload, "impls") && !strcmp(about_text(workload, "impls"), "null"))
		return "no impl= there has such calls";
	return NULL;
}

/* What runs there, unless it is mmcore and others. */
static void print_place(const char *name, const json_t *workload)
{
	const char *impls = about_text(workload, "impls");

	printf("%s", name);
	if (*impls && !strstr(impls, "mmcore"))
		printf(" (impl=%s)", impls);
}

void everywhere_print(const json_t *all, const char *name)
{
	bool any = false;

	for (int i = 0; i < TARGETS; i++) {
		const json_t *about = json_object_get(all, targets[i].name);
		const json_t *workload = find(about, name);

		if (!about || why_not(workload))
			continue;
		printf("%s", any ? ", " : "      runs on: ");
		print_place(targets[i].name, workload);
		any = true;
	}
	if (any)
		puts("");
	for (int i = 0; i < TARGETS; i++) {
		const json_t *about = json_object_get(all, targets[i].name);

		if (about && why_not(find(about, name)))
			printf("      not on %s: %s\n", targets[i].name,
			       why_not(find(about, name)));
	}
}

void everywhere_print_missing(const json_t *all)
{
	for (int i = 0; i < TARGETS; i++)
		if (!json_object_get(all, targets[i].name))
			printf("Not asked: %s: %s.\n", targets[i].name, targets[i].missing);
}
