/* SPDX-License-Identifier: GPL-2.0-only */
/* error.h - one-line errors: how the parts of analysis/ fill a struct run_error. */
#ifndef ANALYSIS_ERROR_H
#define ANALYSIS_ERROR_H

#include "run.h"

/* Always -1, for the caller to return. What can't be shown on one line becomes '?'. */
int error_set(struct run_error *error, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif /* ANALYSIS_ERROR_H */
