/* SPDX-License-Identifier: GPL-2.0-only */
/* report_history.c - the report of a history: what is drawn, and which pages there are. */
#include "report_history.h"
#include "error.h"
#include "plot_draw.h"
#include "plot_histories.h"
#include "report.h"
#include "report_changes.h"
#include "report_place.h"

#include <stdlib.h>
#include <string.h>

static int read_workloads(struct history_report *report)
{
	const struct history *history = report->history;

	report->workloads = calloc(history->nr_series + 1, sizeof(*report->workloads));
	/* Series are sorted by workload. */
	for (size_t i = 0; report->workloads && i < history->nr_series; i++) {
		const char *name = history->series[i].workload;

		if (!i || strcmp(name, history->series[i - 1].workload) != 0)
			report->workloads[report->nr_workloads++] = name;
	}
	return report->workloads ? 0 : -1;
}

static int write_page(struct history_report *report, const char *workload, const char *directory,
		      struct run_error *error)
{
	char name[160] = REPORT_INDEX;

	if (workload)
		report_page_name(workload, name, sizeof(name));
	report->out = report_open(directory, name, error);
	if (!report->out)
		return -1;
	if (workload)
		history_workload(report, workload);
	else
		history_index(report);
	return report_close(report->out, directory, name, error);
}

struct wanted {
	struct history_report report;
	const struct report_options *options;
};

static int fill(const char *directory, void *what, struct run_error *error)
{
	struct wanted *wanted = what;
	struct history_report *report = &wanted->report;
	int err = read_workloads(report);

	for (size_t i = 0; i < report->nr_workloads && !err; i++)
		err = plot_histories(report->history, report->workloads[i], directory,
				     &report->figures);
	if (err) {
		error_set(error, "%s: can't write figures", directory);
	} else {
		figures_draw(&report->figures, directory, wanted->options->figures);
		err = write_page(report, NULL, directory, error);
	}
	for (size_t i = 0; i < report->nr_workloads && !err; i++)
		err = write_page(report, report->workloads[i], directory, error);
	plot_free(&report->figures);
	free(report->workloads);
	return err;
}

int report_write_history(const struct history *history, const struct report_options *options,
			 const char *directory, struct run_error *error)
{
	struct wanted wanted = {{.history = history}, options};

	return report_place(directory, fill, &wanted, error);
}
