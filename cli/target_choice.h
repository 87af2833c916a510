/* SPDX-License-Identifier: GPL-2.0-only */
/* target_choice.h - where and how to measure: --target and --mode of several verbs. */
#ifndef CLI_TARGET_CHOICE_H
#define CLI_TARGET_CHOICE_H

#include <argp.h>
#include <stdbool.h>

/* A child parser of verbs that measure or ask a target. */
extern const struct argp target_choice_argp;

/* The program that is the chosen target in the chosen mode, and its first word or NULL. */
const char *target_choice_program(void);
const char *target_choice_word(void);
/* --mode exact: counts that repeat, and no time. */
bool target_choice_exact(void);

#endif /* CLI_TARGET_CHOICE_H */
