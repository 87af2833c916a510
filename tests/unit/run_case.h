/* SPDX-License-Identifier: GPL-2.0-only */
/* run_case.h - a whole case, from words to records, for tests. */
#ifndef TESTS_RUN_CASE_H
#define TESTS_RUN_CASE_H

#include <stdbool.h>

#include "run.h"

/* Run a case in a process of its own; its exit code, and its records in *run unless it is NULL. */
int run_case(const char *words, struct run **run);
/* An exact counter, which there must be. */
double run_case_exact(const struct bench *bench, const char *name);

/*
 * The cases that follow have one CPU for all workers, who then yield where they wait: with a CPU
 * each they spin, and what else the machine does holds up all. Exact counts are the same.
 */
void run_case_on_one_cpu(void);

/* The cases that follow run as if a plugin watched: marks are NOPs to everybody else. */
extern bool run_case_modelled;
/* What the last case said to the launcher, which takes it out of the stream. */
extern char run_case_models[1024];

#endif /* TESTS_RUN_CASE_H */
