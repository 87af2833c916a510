/* SPDX-License-Identifier: GPL-2.0-only */
/* plot_command.h - the command that measures again what one figure shows. */
#ifndef ANALYSIS_PLOT_COMMAND_H
#define ANALYSIS_PLOT_COMMAND_H

#include "plot_cases.h"

/*
 * The run's own command, cut down to the case @at, or to the cases of @sweep if that is not
 * NULL. "" if the run was not made by `trimm run`, or the command is longer than @size.
 */
void plot_command(const struct run *run, const struct plot_case *at, const struct plot_sweep *sweep,
		  char *buffer, size_t size);

#endif /* ANALYSIS_PLOT_COMMAND_H */
