/* SPDX-License-Identifier: GPL-2.0-only */
/* target_choice.c - see target_choice.h. */
#include "target_choice.h"
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const targets[] = {"user", "qemu", NULL};
static const char *const modes[] = {"timed", "exact", NULL};

/* launch/launch.h has what trimm-qemu's words mean. */
static const struct {
	const char *program, *word;
} how[2][2] = {
	{{"trimm-user", NULL}, {"trimm-qemu", "user"}},
	{{"trimm-qemu", "kernel"}, {"trimm-qemu", "kernel"}},
};
static unsigned int target, mode;

static unsigned int choose(const char *what, const char *word, const char *const *names,
			   const struct argp_state *state)
{
	char list[64];

	for (unsigned int i = 0; names[i]; i++)
		if (!strcmp(names[i], word))
			return i;
	snprintf(list, sizeof(list), "%s --help", state->name);
	cli_error_unknown(what, word, names, list);
	exit(TRIMM_USAGE);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'T':
		target = choose("target", arg, targets, state);
		return 0;
	case 'm':
		mode = choose("mode", arg, modes, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

const struct argp target_choice_argp = {
	.options =
		(const struct argp_option[]){
			{"target", 'T', "NAME", 0,
			 "Where the core runs: user (a process, unless given), or qemu (a kernel "
			 "of its own)",
			 0},
			{"mode", 'm', "NAME", 0,
			 "timed, unless given; or exact: under emulation, instructions and "
			 "modelled TLB misses, the same in each run",
			 0},
			{0}},
	.parser = parse,
};

const char *target_choice_program(void)
{
	return how[target][mode].program;
}

const char *target_choice_word(void)
{
	return how[target][mode].word;
}

bool target_choice_exact(void)
{
	return mode;
}
