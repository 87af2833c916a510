/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * processes.h - processes=N: each case in so many processes of its own. One process is one layout
 * of code and data, and layout moves results.
 */
#ifndef CLI_PROCESSES_H
#define CLI_PROCESSES_H

#include "plan.h"

/* Is it that word? */
bool processes_is(const struct param *param);
/* Its value, or 0: it was not said. 0, or TRIMM_USAGE after one line. */
int processes_read(const struct spec *spec, int *processes);
/*
 * Each case that asks for several processes becomes so many, with process=0 to N-1 in its words.
 * All cases in their first process come before any in its second, so that a machine that drifts
 * does so under all of them alike. Cases that were spread before stay, but for their place.
 */
void processes_spread(struct plan *plan);

#endif /* CLI_PROCESSES_H */
