/* SPDX-License-Identifier: GPL-2.0-only */
/* nightly_runs.c - the runs that a night has so far. */
#include "cli.h"
#include "nightly.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const enum night_part parts[NIGHTLY_STEPS] = {
	[STEP_COUNT] = NIGHT_EXACT, [STEP_TIME] = NIGHT_TIME,	     [STEP_TIME_MORE] = NIGHT_TIME,
	[STEP_AGAIN] = NIGHT_AGAIN, [STEP_AGAIN_MORE] = NIGHT_AGAIN,
};

int nightly_load(const struct nightly *nightly, enum nightly_step first, enum nightly_step end,
		 struct nightly_runs *runs)
{
	struct run_error error;
	int code = 0;

	memset(runs, 0, sizeof(*runs));
	for (enum nightly_step step = first; step < end && !code; step++) {
		struct night_files *files = &runs->files[parts[step]];
		char *path = nightly_run_path(nightly, step);

		/* Named and not there: killed before its first line. */
		if (path && !access(path, F_OK) && run_load(path, &runs->run[step], &error)) {
			cli_error("%s", error.text);
			code = TRIMM_FAILED;
		}
		free(path);
		if (runs->run[step])
			runs->of[parts[step]][files->nr++] = runs->run[step];
		files->run = runs->of[parts[step]];
	}
	return code;
}

void nightly_free_runs(struct nightly_runs *runs)
{
	for (int step = 0; step < NIGHTLY_STEPS; step++)
		if (runs->run[step])
			run_free(runs->run[step]);
}
