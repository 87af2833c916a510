/* SPDX-License-Identifier: GPL-2.0-only */
/* run_head.h - the `run` line, first of each run file: who, when, which build and machine. */
#ifndef CLI_RUN_HEAD_H
#define CLI_RUN_HEAD_H

#include "run_file.h"

/*
 * Of @file, for @reason, by the words of @command (cli_command()); @machine is
 * machine_record()'s and stays the caller's.
 */
json_t *run_head(const struct run_file *file, const char *reason, char *const *command,
		 json_t *machine);

#endif /* CLI_RUN_HEAD_H */
