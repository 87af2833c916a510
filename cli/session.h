/* SPDX-License-Identifier: GPL-2.0-only */
/* session.h - cases measured by one process of their target, and what becomes of each. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "case_records.h"

/*
 * Run the first of @cases, and all of the @n that share its boot; the first has the number
 * @number. Each begun has its bench lines in the run's file afterwards. Where a guest did not
 * survive a case, those behind it are left for another session. How many there are to be skipped
 * over by the next; 0: no next one may follow.
 */
size_t session_run(const struct plan_case *cases, size_t n, int number,
		   struct run_records *records);

#endif /* CLI_SESSION_H */
