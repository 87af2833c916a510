/* SPDX-License-Identifier: GPL-2.0-only */
/* target_choice.h - where and how to measure: --target and --mode of several verbs. */
#ifndef CLI_TARGET_CHOICE_H
#define CLI_TARGET_CHOICE_H

#include <argp.h>
#include <stdbool.h>

/* Both as numbers; {0} is the user target, timed. */
struct target_choice {
	unsigned int target, mode;
};

/* A child parser of verbs that measure or ask a target; it sets the choice of the command line. */
extern const struct argp target_choice_argp;
struct target_choice target_choice_given(void);
/* Change one by a word's "target" or "mode" and its value. 0, or TRIMM_USAGE after one line. */
int target_choice_set(struct target_choice *choice, const char *name, const char *value);

/* The program that is the chosen target in the chosen mode, and its first word or NULL. */
const char *target_choice_program(struct target_choice choice);
const char *target_choice_word(struct target_choice choice);
/* --mode exact: counts that repeat, and no time. */
bool target_choice_exact(struct target_choice choice);

#endif /* CLI_TARGET_CHOICE_H */
