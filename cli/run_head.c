/* SPDX-License-Identifier: GPL-2.0-only */
/* run_head.c - see run_head.h. */
#include "run_head.h"
#include "cli.h"
#include "machine.h"

#include <stdlib.h>

static char *join(char *const *words)
{
	char *text = cli_format("trimm");

	for (; *words; words++) {
		char *longer = cli_format("%s %s", text, *words);

		free(text);
		text = longer;
	}
	return text;
}

json_t *run_head(const struct run_file *file, const char *reason, char *const *command,
		 json_t *machine)
{
	char *text = join(command);
	json_t *source = machine_source();
	json_t *head = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:{s:O, s:s}, s:o, s:O, s:o}",
				 "t", "run", "schema", "trimm/1", "run_id", file->id, "started",
				 file->started, "reason", reason, "command", text, "subject",
				 source, "harness", "git_sha", json_object_get(source, "git_sha"),
				 "version", TRIMM_VERSION, "build", machine_build(), "machine",
				 machine, "env", machine_environment());

	free(text);
	return head;
}
