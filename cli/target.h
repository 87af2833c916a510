/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * target.h - the program that measures, trimm-user, trimm-qemu or trimm-module, and what it says it
 * can do. It runs as a process of its own, so that its crash is a record and not the end of the
 * command.
 */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "list.h"
#include "target_choice.h"

#include <jansson.h>
#include <stdbool.h>

struct target {
	char *program;
	const char *command; /* the same without its folder, for words to the user */
	const char *word;    /* its first word, or NULL */
	char *kernel;	     /* kernel= of its guest, which goes with each of its words, or NULL */
	bool exact;	     /* counts, no times */
	json_t *about;	     /* what its `describe` printed, its form checked */
};

/* The folder this command was started from, or NULL; free() it. */
char *own_directory(void);
/* A program of ours, by its name: in $TRIMM_TARGET_DIR, beside trimm, or in ../libexec/trimm. */
char *target_program(const char *name);
/* Find the chosen target and ask it. 0, or an exit code after one line. */
int target_open(struct target *target, struct target_choice choice);
void target_close(struct target *target);
/* The beginning of each of its command lines. */
void target_begin(const struct target *target, struct list *argv);
/* Before the first of many cases: what its program would find out anew in each. */
void target_warm_up(const struct target *target);
/*
 * Warmed up: a case that measures the harness alone would cost a boot of Linux, by an emulator
 * whose time is never judged.
 */
bool target_null_is_dear(const struct target *target);

const char *target_name(const struct target *target);
/* Of the kernel it runs inside of, or "". */
const char *target_kernel_release(const struct target *target);
/* Their descriptions, or NULL. */
const json_t *target_workload(const struct target *target, const char *name);
const json_t *target_param(const struct target *target, const char *name);
const json_t *workload_param(const json_t *workload, const char *name);

/* A text field of a description, or "". */
const char *about_text(const json_t *about, const char *field);
/* The "name"s of an array of descriptions but those reserved, ended by NULL; free() it. */
const char **about_names(const json_t *array);

/* Numbers the command hands out itself; not for users. */
bool param_is_reserved(const char *name);

#endif /* CLI_TARGET_H */
