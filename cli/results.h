/* SPDX-License-Identifier: GPL-2.0-only */
/* results.h - the results folder: where it is, and the runs in it. */
#ifndef CLI_RESULTS_H
#define CLI_RESULTS_H

#include "calibration.h"
#include "run.h"
#include "store.h"

#include <argp.h>

/* The option --results, for a verb's argp_children. */
extern const struct argp results_argp;
/* --results, else $TRIMM_RESULTS, else "results". */
const char *results_directory(void);

/*
 * The index, brought up to date; @each file that can't be read gets a line, unless @silent.
 * 0, or TRIMM_FAILED after one line.
 */
int results_open(struct store **store, bool silent, size_t count[IMPORT_COUNT], size_t *problems);

/* Put the file of a new run into the index. 0, or TRIMM_FAILED after one line. */
int results_add(const char *path);

/*
 * Load a run: a path, an id, the beginning of one, or "latest". 0, or TRIMM_FAILED after one
 * line.
 */
int results_load(const char *name, struct run **run);

/*
 * The unit costs of the machine that @run was made on, for calibration_free(); NULL if there
 * are none, after one line if there are and can't be read.
 */
struct calibration *results_calibration(const struct run *run);

#endif /* CLI_RESULTS_H */
