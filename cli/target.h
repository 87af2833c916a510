/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * target.h - the program that measures, trimm-user, and what it says it can do. It runs as
 * a process of its own, so that its crash is a record and not the end of the command.
 */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include <jansson.h>
#include <stdbool.h>

struct target {
	char *program;
	json_t *about; /* what `trimm-user describe` printed, its form checked */
};

/*
 * Find trimm-user ($TRIMM_TARGET_DIR, beside trimm, or in ../libexec/trimm) and ask it. 0, or
 * TRIMM_FAILED after one line.
 */
int target_open(struct target *target);
void target_close(struct target *target);

const char *target_name(const struct target *target);
/* Their descriptions, or NULL. */
const json_t *target_workload(const struct target *target, const char *name);
const json_t *target_param(const struct target *target, const char *name);
const json_t *workload_param(const json_t *workload, const char *name);

/* A text field of a description, or "". */
const char *about_text(const json_t *about, const char *field);
/* The "name"s of an array of descriptions, ended by NULL; free() it. */
const char **about_names(const json_t *array);

/* Numbers the command hands out itself; not for users. */
bool param_is_reserved(const char *name);

#endif /* CLI_TARGET_H */
