/* SPDX-License-Identifier: GPL-2.0-only */
/* target_choice.c - see target_choice.h. */
#include "target_choice.h"
#include "cli.h"

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
static struct target_choice given;

static int choose(unsigned int *to, const char *what, const char *word, const char *const *names)
{
	for (unsigned int i = 0; names[i]; i++) {
		if (!strcmp(names[i], word)) {
			*to = i;
			return 0;
		}
	}
	cli_error_unknown(what, word, names, "trimm run --help");
	return TRIMM_USAGE;
}

int target_choice_set(struct target_choice *choice, const char *name, const char *value)
{
	if (!strcmp(name, "target"))
		return choose(&choice->target, name, value, targets);
	return choose(&choice->mode, name, value, modes);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	(void)state;
	if (key != 'T' && key != 'm')
		return ARGP_ERR_UNKNOWN;
	if (target_choice_set(&given, key == 'T' ? "target" : "mode", arg))
		exit(TRIMM_USAGE);
	return 0;
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

struct target_choice target_choice_given(void)
{
	return given;
}

const char *target_choice_program(struct target_choice choice)
{
	return how[choice.target][choice.mode].program;
}

const char *target_choice_word(struct target_choice choice)
{
	return how[choice.target][choice.mode].word;
}

bool target_choice_exact(struct target_choice choice)
{
	return choice.mode;
}
