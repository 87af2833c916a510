/* SPDX-License-Identifier: GPL-2.0-only */
/* histories.h - the history that the nights of the results folder make. */
#ifndef CLI_HISTORIES_H
#define CLI_HISTORIES_H

#include "history.h"

struct acceptance;

/*
 * The index brought up to date with results_directory()'s nights, and what it says of them;
 * @options is completed with @acceptance. 0, or TRIMM_FAILED after one line. history_free() it.
 */
int histories_load(struct history_options options, const struct acceptance *acceptance,
		   struct history **history);

#endif /* CLI_HISTORIES_H */
