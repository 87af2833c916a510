/* SPDX-License-Identifier: GPL-2.0-only */
/* verb_about.c - trimm about: what a recorded trace is: its head, its totals, its damage. */
#include "cli.h"
#include "trace_about.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **path = state->input;

	if (key == ARGP_KEY_END && !*path)
		argp_error(state, "name a trace");
	if (key != ARGP_KEY_ARG)
		return key == ARGP_KEY_END ? 0 : ARGP_ERR_UNKNOWN;
	if (*path)
		argp_error(state, "one trace at a time");
	*path = arg;
	return 0;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "FILE",
	.doc = "What a trace of `trimm record` is: of what, with how many events; checked to its "
	       "end.\v"
	       "  trimm about trimm.trace\n\n"
	       "Exit code 1: it is damaged or cut off, and replayed with --partial only; 2: "
	       "nothing "
	       "of it is good.",
};

static double number(const json_t *about, const char *name)
{
	return json_number_value(json_object_get(about, name));
}

static void row(const json_t *about, const char *name, const char *title)
{
	printf("%-34s %.0f\n", title, number(about, name));
}

int verb_about(int argc, char **argv)
{
	static const struct {
		const char *name, *title;
	} rows[] = {
		{"events", "events"},
		{"allocs", "allocations"},
		{"frees", "frees"},
		{"remote", "  by another lane"},
		{"ended", "  by the end of a program"},
		{"live_max", "objects at one time, at most"},
		{"bytes_max", "bytes they had asked for"},
		{"lanes", "lanes (threads, CPUs)"},
		{"caches", "caches"},
		{"unknown", "frees of unknown memory, dropped"},
		{"reused", "allocations whose free was missed"},
		{"late", "calls whose time went back"},
		{"lost", "calls lost"},
		{"refused", "calls of impossible size"},
	};
	const char *path = NULL, *damage;
	json_t *about;
	int code;

	cli_parse(&argp, argc, argv, &path);
	code = trace_about(path, &about);
	if (code)
		return code;
	printf("%-34s %s\n%-34s %s\n%-34s %s, %.0f CPUs\n", "command",
	       json_string_value(json_object_get(about, "command")), "recorded",
	       json_string_value(json_object_get(about, "origin")), "system",
	       json_string_value(json_object_get(about, "system")), number(about, "cpus"));
	damage = json_string_value(json_object_get(about, "damage"));
	printf("%-34s %.3f\n", "seconds", number(about, "time_ns") / 1e9);
	printf("%-34s %.0f, %.2f each event\n", "bytes", number(about, "bytes"),
	       number(about, "bytes") / number(about, "good_events"));
	if (damage) {
		row(about, "good_events", "events that are good");
		cli_error("%s: %s (byte %.0f); `trimm replay --partial` takes what precedes that",
			  path, damage, number(about, "damage_at"));
		code = TRIMM_FAILED;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && !damage; i++)
		row(about, rows[i].name, rows[i].title);
	json_decref(about);
	return code;
}
