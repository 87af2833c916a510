/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_kernels.h - trimm compare kernel=A,B: the same cases measured in two kernels, a run of
 * its own each, and the second judged against the first by what was counted. What a bisection
 * over kernels calls.
 */
#ifndef CLI_COMPARE_KERNELS_H
#define CLI_COMPARE_KERNELS_H

#include "list.h"
#include "verdicts.h"

/* Are @words a run's, to be measured, rather than the names of runs? */
bool compare_kernels_wanted(const struct list *words);
/*
 * @words as after `trimm run`, one of them kernel=A,B; unsaid: which workloads, impl=native,
 * cpus=1. @command is for the record. The exit code of the comparison; or TRIMM_USAGE or
 * TRIMM_FAILED after a line.
 */
int compare_kernels(const struct list *words, char *const *command,
		    const struct verdicts *verdicts);

#endif /* CLI_COMPARE_KERNELS_H */
