/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * checks.h - what only the target can judge of a case: numbers, sizes, combinations. Asking a
 * kernel takes a boot, so several are asked at once.
 */
#ifndef CLI_CHECKS_H
#define CLI_CHECKS_H

#include "plan.h"

/* 0, or an exit code after the target's line about the first of the @n cases that is wrong. */
int checks_run(const struct plan_case *cases, size_t n);

#endif /* CLI_CHECKS_H */
