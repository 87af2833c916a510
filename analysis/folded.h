/* SPDX-License-Identifier: GPL-2.0-only */
/* folded.h - stacks as lines for flame graphs: "outermost;...;innermost WEIGHT". */
#ifndef ANALYSIS_FOLDED_H
#define ANALYSIS_FOLDED_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * A stack record as a line; @rooted: its probe is the outermost frame, so that those of several
 * probes keep apart in one graph. Nothing if it has no weight.
 */
void folded_print(const json_t *stack, bool rooted, FILE *out);

#endif /* ANALYSIS_FOLDED_H */
