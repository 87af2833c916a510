/* SPDX-License-Identifier: GPL-2.0-only */
/* self_check.h - may the verdicts be believed here? Like against like, or a known delay. */
#ifndef CLI_SELF_CHECK_H
#define CLI_SELF_CHECK_H

#include "verdicts.h"

/*
 * Measure @workload against itself, the second arm delayed by @inject (a number of per
 * cent; NULL: not at all), and compare. TRIMM_FINE if nothing was found in the first case,
 * and the delay in the second.
 */
int self_check(const char *workload, const char *inject, const struct verdicts *verdicts);

#endif /* CLI_SELF_CHECK_H */
