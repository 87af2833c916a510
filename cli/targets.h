/* SPDX-License-Identifier: GPL-2.0-only */
/* targets.h - the targets that the groups of one run name, each asked once. */
#ifndef CLI_TARGETS_H
#define CLI_TARGETS_H

#include "params.h"
#include "target.h"

#define TARGETS_MAX 4 /* every target in every mode */

struct targets {
	struct {
		struct target_choice choice;
		struct target target;
	} open[TARGETS_MAX];
	unsigned int n;
};

/*
 * The target of @spec: what --target and --mode say, unless its own words target= and mode=,
 * which are taken out of it, say otherwise. 0, or an exit code after one line.
 */
int targets_of(struct targets *targets, struct spec *spec, const struct target **out);
void targets_close(struct targets *targets);

#endif /* CLI_TARGETS_H */
