/* SPDX-License-Identifier: GPL-2.0-only */
/* reports_history.c - trimm report --history: what all nights of this machine say together. */
#include "acceptance.h"
#include "cli.h"
#include "histories.h"
#include "reports.h"
#include "results.h"

#include <stdio.h>
#include <stdlib.h>

static int write_report(const struct history *history, const struct report_options *options,
			const char *directory)
{
	struct run_error error;

	if (report_write_history(history, options, directory, &error)) {
		cli_error("%s", error.text);
		return TRIMM_FAILED;
	}
	printf("%s/index.html\n", directory);
	return TRIMM_FINE;
}

int reports_history(const struct report_options *options, const char *output)
{
	char *directory = output ? cli_format("%s", output)
				 : cli_format("%s/report/history", results_directory());
	struct acceptance acceptance;
	struct history *history = NULL;
	int code = acceptance_load(&acceptance, ".");

	if (!code)
		code = histories_load(HISTORY_DEFAULTS, &acceptance, &history);
	if (!code)
		code = write_report(history, options, directory);
	history_free(history);
	acceptance_free(&acceptance);
	free(directory);
	return code;
}
