/* SPDX-License-Identifier: GPL-2.0-only */
/* target_choice.h - where and how to measure: --target, --mode and --on-host of several verbs. */
#ifndef CLI_TARGET_CHOICE_H
#define CLI_TARGET_CHOICE_H

#include <argp.h>
#include <stdbool.h>

/* The first two as numbers; {0} is the user target, timed. */
struct target_choice {
	unsigned int target, mode;
	bool on_host;	    /* of the module: into the running kernel */
	const char *kernel; /* of the module's guest, borrowed; NULL: the first there is */
};

/* A child parser of verbs that measure or ask a target; it sets the choice of the command line. */
extern const struct argp target_choice_argp;
struct target_choice target_choice_given(void);
/* Change one by a word's "target" or "mode" and its value. 0, or TRIMM_USAGE after one line. */
int target_choice_set(struct target_choice *choice, const char *name, const char *value);
bool target_choice_equal(struct target_choice a, struct target_choice b);
/* What is wrong with a choice as a whole, and may not be tried; NULL: nothing. */
const char *target_choice_misfit(struct target_choice choice);

/* The program that is the chosen target in the chosen mode, and its first word or NULL. */
const char *target_choice_program(struct target_choice choice);
const char *target_choice_word(struct target_choice choice);
/* --mode exact: counts that repeat, and no time. */
bool target_choice_exact(struct target_choice choice);
/* The kernel its guest runs: kernel=; NULL: kernel= is no word of this target's. */
const char *target_choice_kernel(struct target_choice choice);
/* Only the module's: its name, for messages. */
#define TARGET_WITH_KERNELS "module"

#endif /* CLI_TARGET_CHOICE_H */
