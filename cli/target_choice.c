/* SPDX-License-Identifier: GPL-2.0-only */
/* target_choice.c - see target_choice.h. */
#include "target_choice.h"
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const targets[] = {"user", "qemu", TARGET_WITH_KERNELS, NULL};
static const char *const modes[] = {"timed", "exact", NULL};
enum { TARGETS = sizeof(targets) / sizeof(targets[0]) - 1 };

/*
 * A row for each target, and the last for a module on this host. launch/launch.h has what
 * trimm-qemu's words mean. Without a program there is no such mode.
 */
static const struct {
	struct {
		const char *program, *word;
	} in_mode[2];
	const char *kernel; /* of its guest, unless kernel= names one; NULL: it chooses none */
} how[TARGETS + 1] = {
	{{{"trimm-user", NULL}, {"trimm-qemu", "user"}}, NULL},
	{{{"trimm-qemu", "kernel"}, {"trimm-qemu", "kernel"}}, NULL},
	{{{"trimm-qemu", "module"}, {"trimm-qemu", "module"}}, "6.1"},
	{{{"trimm-module", NULL}, {NULL, NULL}}, NULL},
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
	if (key == 'o')
		given.on_host = true;
	else if (key != 'T' && key != 'm')
		return ARGP_ERR_UNKNOWN;
	else if (target_choice_set(&given, key == 'T' ? "target" : "mode", arg))
		exit(TRIMM_USAGE);
	return 0;
}

const struct argp target_choice_argp = {
	.options =
		(const struct argp_option[]){
			{"target", 'T', "NAME", 0,
			 "Where the core runs: user (a process, unless given), qemu (a kernel of "
			 "its own), or module (inside Linux, in a guest; kernel= says which Linux)",
			 0},
			{"mode", 'm', "NAME", 0,
			 "timed, unless given; or exact: under emulation, instructions and "
			 "modelled TLB misses, the same in each run",
			 0},
			{"on-host", 'o', NULL, 0,
			 "With --target module: load it into the running kernel instead, as root",
			 0},
			{0}},
	.parser = parse,
};

struct target_choice target_choice_given(void)
{
	return given;
}

static unsigned int row(struct target_choice choice)
{
	return choice.on_host ? TARGETS : choice.target;
}

bool target_choice_equal(struct target_choice a, struct target_choice b)
{
	const char *one = target_choice_kernel(a), *other = target_choice_kernel(b);

	return row(a) == row(b) && a.mode == b.mode &&
	       (one == other || (one && other && !strcmp(one, other)));
}

const char *target_choice_misfit(struct target_choice choice)
{
	if (!choice.on_host)
		return NULL;
	if (strcmp(targets[choice.target], TARGET_WITH_KERNELS))
		return "--on-host goes with --target " TARGET_WITH_KERNELS;
	if (!target_choice_program(choice))
		return "--on-host: nothing counts instructions there; leave out --mode exact, or "
		       "--on-host for a guest";
	if (choice.kernel)
		return "kernel=: --on-host is the running kernel; leave one of them out";
	if (geteuid())
		return "--on-host loads a module into the running kernel: only root may; leave it "
		       "out for a guest";
	return NULL;
}

const char *target_choice_program(struct target_choice choice)
{
	return how[row(choice)].in_mode[choice.mode].program;
}

const char *target_choice_word(struct target_choice choice)
{
	return how[row(choice)].in_mode[choice.mode].word;
}

bool target_choice_exact(struct target_choice choice)
{
	return choice.mode;
}

const char *target_choice_kernel(struct target_choice choice)
{
	const char *kernel = how[row(choice)].kernel;

	return kernel && choice.kernel ? choice.kernel : kernel;
}
