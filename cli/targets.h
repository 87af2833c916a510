/* SPDX-License-Identifier: GPL-2.0-only */
/* targets.h - the targets that the groups of one run name, each asked once. */
#ifndef CLI_TARGETS_H
#define CLI_TARGETS_H

#include "params.h"
#include "plan.h"
#include "target.h"

struct targets {
	struct opened_target *first; /* NULL: none yet */
};

/*
 * Draft the cases of @spec (plan_check() is yet to judge them) on its target: what --target and
 * --mode say, unless its own words target= and mode= say otherwise. In each of several kernels, if
 * kernel= names them. All three are taken out of the spec. 0, or an exit code after one line.
 */
int targets_plan(struct targets *targets, struct spec *spec, struct plan *plan);
/* The same of one kernel at most, without its cases. */
int targets_of(struct targets *targets, struct spec *spec, const struct target **out);
void targets_close(struct targets *targets);

#endif /* CLI_TARGETS_H */
