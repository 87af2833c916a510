/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * verb_replay.c - trimm replay FILE: `trimm run replay trace=FILE`, a block being the whole trace,
 * and as many blocks as take a reasonable time. Words that are given come before ours.
 */
#include "cli.h"
#include "trace_about.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Events of all blocks of an arm: at 50 to 100 ns each, a few seconds. */
#define EVENTS	   40e6
#define BLOCKS_MIN 3
#define BLOCKS_MAX 200
/* Neighbours on a busy machine stretch a slice of 1 ms; decoding wants large pieces. */
#define SLICE "slice=5000"

struct words {
	char **item;
	size_t n;
};

static void add(struct words *words, char *word)
{
	words->item = cli_alloc(words->item, (words->n + 2) * sizeof(*words->item));
	words->item[words->n++] = word;
	words->item[words->n] = NULL;
}

static bool is_named(const struct words *words, const char *name)
{
	for (size_t i = 0; i < words->n; i++)
		if (!strncmp(words->item[i], name, strlen(name)))
			return true;
	return false;
}

static void help(void)
{
	puts("Usage: trimm replay FILE [--partial] [NAME=VALUE...] [OPTION...]\n"
	     "Measure with the calls for memory that `trimm record` wrote down: as `trimm run\n"
	     "replay trace=FILE`, whose words and options these are.\n\n"
	     "      --partial     Of a trace that is cut off or damaged, take what precedes that\n"
	     "  speed=full        As fast as can be, unless given; speed=recorded: in its time\n"
	     "  cpus=N            Lanes of the trace are dealt to N workers; 1: all to one\n\n"
	     "  trimm replay gcc.trace impl=native,mmcore cpus=1\n"
	     "  trimm replay gcc.trace slab=slub,slab,slob --target qemu");
}

/* speed= by name is per cent of the recorded time. */
static char *own_word(char *word)
{
	if (!strcmp(word, "speed=full"))
		return "speed=0";
	if (!strcmp(word, "speed=recorded"))
		return "speed=100";
	return strcmp(word, "--partial") ? word : "partial=1";
}

static void add_size(struct words *words, const json_t *about)
{
	double events = json_number_value(json_object_get(about, "good_events"));
	double blocks = EVENTS / events;

	if (blocks < BLOCKS_MIN)
		blocks = BLOCKS_MIN;
	if (blocks > BLOCKS_MAX)
		blocks = BLOCKS_MAX;
	if (!is_named(words, "loops="))
		add(words, cli_format("loops=%.0f", events));
	if (!is_named(words, "blocks="))
		add(words, cli_format("blocks=%.0f", blocks));
	if (!is_named(words, "slice="))
		add(words, SLICE);
}

int verb_replay(int argc, char **argv)
{
	struct words words = {NULL, 0};
	const char *path = NULL;
	json_t *about;
	int code;

	add(&words, "trimm run");
	add(&words, "replay");
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help")) {
			help();
			return TRIMM_FINE;
		}
		if (path || *argv[i] == '-' || strchr(argv[i], '='))
			add(&words, own_word(argv[i]));
		else
			path = argv[i];
	}
	if (!path) {
		cli_error("name a trace: `trimm replay FILE`; `trimm record` makes one");
		return TRIMM_USAGE;
	}
	code = trace_about(path, &about);
	if (code)
		return code;
	if (json_object_get(about, "damage") && !is_named(&words, "partial=1")) {
		cli_error("%s: %s (byte %.0f); --partial replays the %.0f events before that", path,
			  json_string_value(json_object_get(about, "damage")),
			  json_number_value(json_object_get(about, "damage_at")),
			  json_number_value(json_object_get(about, "good_events")));
		json_decref(about);
		return TRIMM_USAGE;
	}
	if (json_object_get(about, "damage"))
		cli_error("%s: replayed up to its damage, %.0f events", path,
			  json_number_value(json_object_get(about, "good_events")));
	add(&words, cli_format("trace=%s", path));
	add_size(&words, about);
	json_decref(about);
	return verb_run((int)words.n, words.item);
}
