/* SPDX-License-Identifier: GPL-2.0-only */
/* report_night.c - the report of a night: what changed, drawn, and which pages there are. */
#include "report_night.h"
#include "error.h"
#include "plot_draw.h"
#include "plot_ratios.h"
#include "plot_script.h"
#include "report.h"
#include "report_changes.h"
#include "report_frame.h"
#include "report_place.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct compare_row night_counter_row(const struct night_counter *counter)
{
	return (struct compare_row){
		.kind = ROW_EXACT,
		.metric = counter->name,
		.unit = counter->unit,
		.better = counter->better,
		.class = CLASS_EXACT,
		.base = counter->reference,
		.base_half = NAN,
		.next = counter->head,
		.next_half = NAN,
		.ratio = counter->reference > 0 ? counter->head / counter->reference : NAN,
		.low = NAN,
		.high = NAN,
		.floor = NAN,
		.verdict = counter->verdict,
	};
}

struct compare_row night_time_row(const struct night_time *time)
{
	return (struct compare_row){
		.kind = ROW_TIME,
		.metric = time->metric ? time->metric : "total",
		.unit = time->unit ? time->unit : "ns",
		.better = BETTER_LOWER,
		.class = CLASS_NOISY,
		.base = time->reference,
		.base_half = NAN,
		.next = time->head,
		.next_half = NAN,
		.ratio = time->ratio,
		.low = time->low,
		.high = time->high,
		.n = time->n,
		.floor = time->floor,
		.verdict = time->verdict,
		.why = time->why,
	};
}

static int add_change(struct changes *changes, const struct night_case *item,
		      const struct compare_row *row)
{
	bool judged = row->verdict == VERDICT_REGRESSED || row->verdict == VERDICT_IMPROVED;
	/* What did not recur was chance, or one layout. */
	bool once = row->kind == ROW_TIME && item->time.again != VERDICT_COUNT &&
		    item->time.again != item->time.verdict;
	struct change change = {.tier = row->kind == ROW_EXACT ? CHANGE_COUNTED : CHANGE_TIMED,
				.workload = item->workload,
				.label = item->label,
				.next_name = "",
				.row = *row};

	if (!judged && (row->kind == ROW_EXACT || row->verdict != VERDICT_INCONCLUSIVE))
		return 0;
	if (!judged || once)
		change.tier = CHANGE_UNSURE;
	if (once)
		change.row.why = "once, not in the second invocation";
	return changes_put(changes, &change);
}

static int read_changes(struct night_report *report)
{
	const struct night *night = report->night;
	int err = 0;

	for (size_t i = 0; i < night->nr_cases && !err; i++) {
		const struct night_case *item = &night->cases[i];

		for (size_t c = 0; item->has_exact && c < item->exact.nr_counters && !err; c++) {
			struct compare_row row = night_counter_row(&item->exact.counters[c]);

			err = add_change(&report->changes, item, &row);
		}
		if (item->has_time && !err) {
			struct compare_row row = night_time_row(&item->time);

			err = add_change(&report->changes, item, &row);
		}
	}
	changes_sort(&report->changes);
	return err;
}

static int read_workloads(struct night_report *report)
{
	const struct night *night = report->night;

	report->workloads = calloc(night->nr_cases + 1, sizeof(*report->workloads));
	if (!report->workloads)
		return -ENOMEM;
	for (size_t i = 0; i < night->nr_cases; i++) {
		const char *name = night->cases[i].workload;
		size_t known = 0;

		while (known < report->nr_workloads && strcmp(report->workloads[known], name) != 0)
			known++;
		if (known == report->nr_workloads)
			report->workloads[report->nr_workloads++] = name;
	}
	return 0;
}

#define HOW_TIME                                                                                  \
	"one line a case: time of HEAD as a multiple of the reference's, both in one process, "   \
	"with its interval; the small circle below is the second invocation, where there was "    \
	"one. Left of the middle HEAD needs less. Green and red: judged better and worse; grey: " \
	"no difference resolved."
#define HOW_COUNTED                                                                               \
	"one line a count that changed: HEAD's as a multiple of the reference's. Exact: no line " \
	"has an interval, and each repeats. Green and red: better and worse."

static int plot_time(struct night_report *report, const char *workload, const char *directory)
{
	const struct night *night = report->night;
	char file[160];
	struct ratios ratios = {.file = file,
				.title = "time, HEAD against reference",
				.workload = workload,
				.how = HOW_TIME};
	int err;

	script_name(file, sizeof(file), (const char *const[]){"night-time", workload, NULL});
	ratios.list = calloc(2 * night->nr_cases + 1, sizeof(*ratios.list));
	if (!ratios.list)
		return -ENOMEM;
	for (size_t i = 0; i < night->nr_cases; i++) {
		const struct night_case *item = &night->cases[i];
		const struct night_time *time = &item->time;

		if (!item->has_time || (*workload && strcmp(item->workload, workload) != 0))
			continue;
		ratios.list[ratios.n++] =
			(struct ratio){item->workload, item->label,   "",   time->ratio, time->low,
				       time->high,     time->verdict, false};
		if (time->again == VERDICT_COUNT)
			continue;
		ratios.list[ratios.n++] = (struct ratio){
			item->workload,	 item->label,	   "",		time->again_ratio,
			time->again_low, time->again_high, time->again, true};
	}
	err = plot_ratios(&ratios, directory, &report->figures);
	free(ratios.list);
	return err == -ENODATA ? 0 : err;
}

static int plot_counted(struct night_report *report, const char *workload, const char *directory)
{
	char file[160];
	struct ratios ratios = {.file = file,
				.title = "counts that changed, HEAD against reference",
				.workload = workload,
				.how = HOW_COUNTED};
	int err;

	script_name(file, sizeof(file), (const char *const[]){"night-counted", workload, NULL});
	ratios.list = calloc(report->changes.n + 1, sizeof(*ratios.list));
	if (!ratios.list)
		return -ENOMEM;
	for (size_t i = 0; i < report->changes.n; i++) {
		const struct change *change = &report->changes.list[i];

		if (change->tier == CHANGE_COUNTED &&
		    (!*workload || !strcmp(change->workload, workload)))
			ratios.list[ratios.n++] = (struct ratio){
				change->workload,    change->label, change->row.metric,
				change->row.ratio,   NAN,	    NAN,
				change->row.verdict, false};
	}
	err = plot_ratios(&ratios, directory, &report->figures);
	free(ratios.list);
	return err == -ENODATA ? 0 : err;
}

static int plot_all(struct night_report *report, const char *directory)
{
	int err = plot_counted(report, "", directory);

	if (!err)
		err = plot_time(report, "", directory);
	for (size_t i = 0; i < report->nr_workloads && !err; i++) {
		err = plot_counted(report, report->workloads[i], directory);
		if (!err)
			err = plot_time(report, report->workloads[i], directory);
	}
	return err;
}

static int write_page(struct night_report *report, const char *workload, const char *directory,
		      struct run_error *error)
{
	char name[160] = REPORT_INDEX;

	if (workload)
		report_page_name(workload, name, sizeof(name));
	report->out = report_open(directory, name, error);
	if (!report->out)
		return -1;
	if (workload)
		night_workload(report, workload);
	else
		night_index(report);
	return report_close(report->out, directory, name, error);
}

static int write_all(struct night_report *report, const char *directory, struct run_error *error)
{
	int err = write_page(report, NULL, directory, error);

	for (size_t i = 0; i < report->nr_workloads && !err; i++)
		err = write_page(report, report->workloads[i], directory, error);
	if (!err && report->night->path)
		err = report_copy(report->night->path, directory, "night.json", error);
	for (size_t i = 0; i < report->nr_runs && !err; i++) {
		char name[128];

		snprintf(name, sizeof(name), "%s.ndjson", report->runs[i]->run_id);
		err = report_copy(report->runs[i]->path, directory, name, error);
	}
	return err;
}

struct wanted {
	struct night_report report;
	const struct report_options *options;
};

static int fill(const char *directory, void *what, struct run_error *error)
{
	struct wanted *wanted = what;
	struct night_report *report = &wanted->report;
	int err = read_changes(report);

	if (!err)
		err = read_workloads(report);
	if (!err)
		err = plot_all(report, directory);
	if (err) {
		error_set(error, "%s: can't write figures: %s", directory, strerror(-err));
	} else {
		figures_draw(&report->figures, directory, wanted->options->figures);
		err = write_all(report, directory, error);
	}
	changes_free(&report->changes);
	plot_free(&report->figures);
	free(report->workloads);
	return err;
}

int report_write_night(const struct night *night, struct run *const *runs, size_t nr_runs,
		       const struct report_options *options, const char *directory,
		       struct run_error *error)
{
	struct wanted wanted = {{.night = night, .runs = runs, .nr_runs = nr_runs}, options};

	return report_place(directory, fill, &wanted, error);
}
