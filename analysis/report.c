/* SPDX-License-Identifier: GPL-2.0-only */
/* report.c - the reports of a run and of two: what is compared, drawn, and written as which page.
 */
#include "report.h"
#include "error.h"
#include "plot_draw.h"
#include "plot_ratios.h"
#include "plot_script.h"
#include "report_changes.h"
#include "report_page.h"
#include "report_place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is to be written, for report_place(). */
struct wanted {
	const struct run *run, *base;
	const struct comparison *comparison; /* of the two; NULL: of one run */
	const struct calibration *calibration;
	const struct report_options *options;
};

/* The names before each = of the arms, each once: what compare_by() can be asked for. */
static void compare_all(struct report *report)
{
	struct compare_options options = COMPARE_DEFAULTS;
	struct run_error ignored;

	if (strcmp(report->run->status, "incomplete") == 0)
		return;
	for (size_t i = 0; i < report->run->nr_benches; i++) {
		char arm[256], label[256], *rest = arm, *word;

		snprintf(arm, sizeof(arm), "%s", report->run->benches[i].arm);
		/* Who has named the arms finds them by these names, and not once more by the rest.
		 */
		if (*bench_param(&report->run->benches[i], "label", label, sizeof(label)))
			strcpy(arm, "label");
		while ((word = strsep(&rest, ","))) {
			struct comparison *comparison;
			size_t known = 0;

			word[strcspn(word, "=")] = '\0';
			while (known < report->nr_comparisons &&
			       strcmp(report->comparisons[known]->factor, word) != 0)
				known++;
			if (known < report->nr_comparisons || known == REPORT_FACTORS_MAX || !*word)
				continue;
			/* No two arms of a case differ in it: nothing to show, no error. */
			if (!compare_by(report->run, word, &options, &comparison, &ignored))
				report->comparisons[report->nr_comparisons++] = comparison;
		}
	}
}

/* Of the cases that have data; of two runs, of those that both have. */
static int read_workloads(struct report *report)
{
	const struct plot_cases *cases = report->cases;
	size_t n = report->base ? report->comparisons[0]->nr_groups : cases->nr_cases;

	report->workloads = calloc(n + 1, sizeof(*report->workloads));
	if (!report->workloads)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const char *name = report->base ? report->comparisons[0]->groups[i].workload
						: cases->cases[i].workload;
		size_t known = 0;

		while (known < report->nr_workloads && strcmp(report->workloads[known], name) != 0)
			known++;
		if (known == report->nr_workloads)
			report->workloads[report->nr_workloads++] = name;
	}
	return 0;
}

/* Did something that is judged change in the case? */
static bool case_matters(const struct report *report, const struct figure *figure)
{
	for (size_t i = 0; i < report->changes.n; i++) {
		const struct change *change = &report->changes.list[i];

		if (change->tier != CHANGE_UNSURE && !strcmp(change->workload, figure->workload) &&
		    !strcmp(change->label, figure->label))
			return true;
	}
	return false;
}

#define HOW_TIME                                                                                 \
	"one line a case: total time as a multiple of the base's, its 95 % interval beside it. " \
	"Left of the middle less time is needed. Green and red: judged better and worse; grey: " \
	"no difference resolved, or not judged."
#define HOW_COUNTED                                                                             \
	"one line a case: instructions of an operation, counted, as a multiple of the base's. " \
	"Left of the middle fewer are executed. Green and red: judged better and worse."

/* Both figures of how far cases changed, of a workload or (NULL) of all. */
static int plot_changes(const struct report *report, size_t at, const char *workload,
			const char *directory, struct figures *figures)
{
	static const struct {
		enum row_kind kind;
		const char *metric, *title, *how;
	} shown[] = {{ROW_TIME, "total", "total time", HOW_TIME},
		     {ROW_EXACT, "instructions", "instructions", HOW_COUNTED}};
	const struct comparison *comparison = report->comparisons[at];
	char file[160], title[300];
	int err = 0;

	for (size_t i = 0; i < 2 && (!err || err == -ENODATA); i++) {
		struct ratios ratios = {.file = file,
					.title = title,
					.workload = workload ? workload : "",
					.how = shown[i].how};

		script_name(file, sizeof(file),
			    (const char *const[]){"changes", workload ? workload : "all",
						  comparison->factor ? comparison->factor : "run",
						  shown[i].metric, NULL});
		snprintf(title, sizeof(title), "%s%s%s: %s", comparison->factor ? "by " : "",
			 comparison->factor ? comparison->factor : "",
			 comparison->factor ? "" : comparison->title, shown[i].title);
		if (ratios_of(comparison, workload, shown[i].kind, shown[i].metric, &ratios))
			return -ENOMEM;
		err = ratios.n > !report->base ? plot_ratios(&ratios, directory, figures)
					       : -ENODATA;
		free(ratios.list);
	}
	return err == -ENODATA ? 0 : err;
}

static int plot_all(struct report *report, const struct wanted *wanted, const char *directory,
		    struct figures *figures, struct run_error *error)
{
	int err = 0;

	if (!report->base && plot_run(report->cases, directory, figures, error))
		return -1;
	for (size_t i = 0; i < report->nr_comparisons && !err; i++) {
		err = plot_changes(report, i, NULL, directory, figures);
		for (size_t w = 0; report->base && w < report->nr_workloads && !err; w++)
			err = plot_changes(report, i, report->workloads[w], directory, figures);
	}
	if (err)
		return error_set(error, "%s: can't write figures: %s", directory, strerror(-err));
	for (size_t i = 0; i < figures->n; i++)
		figures->list[i].matters = case_matters(report, &figures->list[i]);
	figures_draw(figures, directory, wanted->options->figures);
	return 0;
}

/* A page: that of a workload, or the index (NULL). */
static int write_page(struct report *report, const char *workload, const char *directory,
		      struct run_error *error)
{
	char name[160] = REPORT_INDEX;

	if (workload)
		report_page_name(workload, name, sizeof(name));
	report->out = report_open(directory, name, error);
	if (!report->out)
		return -1;
	if (workload)
		report_workload(report, workload);
	else
		report_index(report);
	return report_close(report->out, directory, name, error);
}

static int write_pages(struct report *report, const char *directory, struct run_error *error)
{
	int err = write_page(report, NULL, directory, error);

	for (size_t i = 0; i < report->nr_workloads && !err; i++)
		err = write_page(report, report->workloads[i], directory, error);
	if (!err)
		err = report_copy(report->run->path, directory, REPORT_RAW, error);
	if (!err && report->base)
		err = report_copy(report->base->path, directory, REPORT_RAW_BASE, error);
	return err;
}

static int compare(struct report *report, const struct wanted *wanted)
{
	int err = 0;

	if (wanted->comparison)
		report->comparisons[report->nr_comparisons++] = wanted->comparison;
	else
		compare_all(report);
	for (size_t i = 0; i < report->nr_comparisons && !err; i++)
		err = changes_add(&report->changes, report->comparisons[i]);
	changes_sort(&report->changes);
	return err;
}

static int fill(const char *directory, void *what, struct run_error *error)
{
	const struct wanted *wanted = what;
	struct report report = {
		.run = wanted->run, .base = wanted->base, .calibration = wanted->calibration};
	struct figures figures = {0};
	struct plot_cases cases;
	int err;

	if (plot_cases_read(wanted->run, &cases))
		return error_set(error, "%s: out of memory", wanted->run->path);
	report.cases = &cases;
	report.figures = &figures;
	if (compare(&report, wanted) || read_workloads(&report))
		err = error_set(error, "%s: out of memory", wanted->run->path);
	else
		err = plot_all(&report, wanted, directory, &figures, error);
	if (!err)
		err = write_pages(&report, directory, error);
	for (size_t i = 0; i < report.nr_comparisons && !wanted->comparison; i++)
		comparison_free((struct comparison *)report.comparisons[i]);
	changes_free(&report.changes);
	free(report.workloads);
	plot_free(&figures);
	plot_cases_free(&cases);
	return err;
}

int report_write(const struct run *run, const struct calibration *calibration,
		 const struct report_options *options, const char *directory,
		 struct run_error *error)
{
	struct wanted wanted = {.run = run, .calibration = calibration, .options = options};

	return report_place(directory, fill, &wanted, error);
}

int report_write_pair(const struct run *base, const struct run *next,
		      const struct comparison *comparison, const struct report_options *options,
		      const char *directory, struct run_error *error)
{
	struct wanted wanted = {
		.run = next, .base = base, .comparison = comparison, .options = options};

	return report_place(directory, fill, &wanted, error);
}
