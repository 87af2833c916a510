/* SPDX-License-Identifier: GPL-2.0-only */
/* boots.h - which cases one boot of a guest serves: see trimm-qemu's own launch.h. */
#ifndef CLI_BOOTS_H
#define CLI_BOOTS_H

#include "plan.h"

/* What stands between two cases of one command line of the target. */
#define CASES_SEPARATOR "--"
/*
 * How many of @cases, from the first on, run in one boot: their words say boot=shared, and ask for
 * the same guest. At least 1.
 */
size_t boots_run(const struct plan_case *cases, size_t n);
/* How many are judged in one: what asks for no time and leaves nothing has need of no other. */
size_t boots_check(const struct plan_case *cases, size_t n);
/* Does this record of the target's tell that a case has ended with *code, and the next begins? */
bool boots_next(const char *line, size_t length, int *code);

#endif /* CLI_BOOTS_H */
