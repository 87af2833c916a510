/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare_core.h - trimm compare WORKLOAD... core=A,B: two builds of the memory core, counted and
 * timed side by side in one process after the other, and the second judged against the first.
 */
#ifndef CLI_COMPARE_CORE_H
#define CLI_COMPARE_CORE_H

#include "list.h"
#include "verdicts.h"

/* Does one of @words name cores? */
bool compare_core_wanted(const struct list *words);
/*
 * @words as after `trimm run`, one of them core=A,B; processes= if not as many as a verdict needs.
 * @command is for the record. The exit code as of a night; or TRIMM_USAGE or TRIMM_FAILED after a
 * line.
 */
int compare_core(const struct list *words, char *const *command, const struct verdicts *verdicts);

#endif /* CLI_COMPARE_CORE_H */
