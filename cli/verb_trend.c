/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * verb_trend.c - trimm trend: what nights on end say of a series, and between which commits it
 * changed.
 */
#include "acceptance.h"
#include "cli.h"
#include "histories.h"
#include "history_text.h"
#include "list.h"
#include "results.h"

#include <stdlib.h>
#include <string.h>

/* Series without a change that are listed where none is named. */
#define UNCHANGED_SHOWN 10

enum format { FORMAT_IS_TEXT, FORMAT_IS_CSV, FORMAT_IS_JSON };
enum { OPTION_ACROSS = 256, OPTION_CHANGES };

struct arguments {
	struct list words; /* series, or patterns of them */
	const char *metric, *since, *machine, *repo;
	enum format format;
	bool across, changes;
};

static enum format parse_format(const char *name)
{
	static const char *const names[] = {"text", "csv", "json", NULL};

	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], name))
			return (enum format)i;
	cli_error_unknown("format", name, names, "trimm trend --help");
	exit(TRIMM_USAGE);
}

/* A date, or the beginning of one: compared as text. */
static const char *parse_since(const char *date)
{
	static const char shape[] = "dddd-dd-dd";
	size_t length = strlen(date);
	bool fine = length == 4 || length == 7 || length == 10;

	for (size_t i = 0; fine && i < length; i++)
		fine = shape[i] == 'd' ? date[i] >= '0' && date[i] <= '9' : date[i] == shape[i];
	if (fine)
		return date;
	cli_error("--since %s: give a date, as in 2026-11-22 or 2026-11", date);
	exit(TRIMM_USAGE);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'm':
		arguments->metric = arg;
		return 0;
	case 's':
		arguments->since = parse_since(arg);
		return 0;
	case 'M':
		arguments->machine = arg;
		return 0;
	case 'r':
		arguments->repo = arg;
		return 0;
	case 'f':
		arguments->format = parse_format(arg);
		return 0;
	case OPTION_ACROSS:
		arguments->across = true;
		return 0;
	case OPTION_CHANGES:
		arguments->changes = true;
		return 0;
	case ARGP_KEY_ARG:
		list_add(&arguments->words, "%s", arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){
			{"metric", 'm', "NAME", 0,
			 "A counter, or total (time), instead of time and what changed", 0},
			{"since", 's', "DATE", 0, "Show nights and changes from then on", 0},
			{"machine", 'M', "FP", 0,
			 "The machine whose fingerprint begins so, instead of the newest night's",
			 0},
			{"across", OPTION_ACROSS, NULL, 0,
			 "All machines, each in a row of its own: ratios and exact counts", 0},
			{"changes", OPTION_CHANGES, NULL, 0, "Only the changes, without plots", 0},
			{"repo", 'r', "DIR", 0,
			 "The repository that knows which accepted commits come before which; "
			 "instead of .",
			 0},
			{"format", 'f', "FORMAT", 0, "text, csv or json", 0},
			{0}},
	.parser = parse,
	.args_doc = "[SERIES...]",
	.doc = "Show what nights say of a series: values, levels, and where they changed.\v"
	       "SERIES is a series' 16 digits, a workload, or WORKLOAD:NAME=VALUE,... with * and "
	       "?; without any, all are listed, by change over noise. Time is the ratio of HEAD "
	       "to the pinned reference, measured side by side; a change of 5 % is found by its "
	       "fourth night if 20 came before it and single nights vary by 1 % or less. A count "
	       "is a change with the first night that has another one. Changes that are named in "
	       "results/accepted are told with their reason.\n\n"
	       "  trimm trend\n"
	       "  trimm trend unmap-storm --metric total --since 2026-10\n"
	       "  trimm trend 'kmalloc-*:size=64,*' --changes\n\n"
	       "Exit code 3: a change for the worse stands, is not accepted, and is among what is "
	       "shown.",
	.children = (const struct argp_child[]){{.argp = &results_argp}, {0}},
};

static int load_history(const struct arguments *arguments, const struct acceptance *acceptance,
			struct history **history)
{
	struct history_options options = HISTORY_DEFAULTS;

	options.machine = arguments->machine;
	options.across = arguments->across;
	return histories_load(options, acceptance, history);
}

static bool changed_since(const struct history_series *series, const char *since)
{
	for (size_t i = 0; i < series->nr_changes; i++)
		if (history_is_since(series->points[series->changes[i].at].started, since))
			return true;
	return false;
}

static bool is_named(const struct arguments *arguments, const struct history_series *series)
{
	for (size_t i = 0; i < arguments->words.n; i++)
		if (accepted_names(arguments->words.item[i], series->series, series->workload,
				   series->label))
			return true;
	return !arguments->words.n;
}

/* Counts that never changed are told of only if they are asked for. */
static bool is_wanted(const struct arguments *arguments, const struct history_series *series)
{
	if (arguments->metric)
		return !strcmp(arguments->metric, series->metric);
	return !series->exact || changed_since(series, arguments->since);
}

static int by_rank(const void *left, const void *right)
{
	const struct history_series *const *a = left, *const *b = right;

	if ((*a)->rank != (*b)->rank)
		return (*a)->rank > (*b)->rank ? -1 : 1;
	return *a < *b ? -1 : *a > *b;
}

/* 0, or the exit code after a line that says what there is none of. */
static int choose(const struct arguments *arguments, struct history_view *view)
{
	const struct history *history = view->history;
	size_t named = 0;

	view->series = cli_alloc(NULL, (history->nr_series + 1) * sizeof(*view->series));
	for (size_t i = 0; i < history->nr_series; i++) {
		const struct history_series *series = &history->series[i];

		if (!is_named(arguments, series))
			continue;
		named++;
		if (is_wanted(arguments, series))
			view->series[view->nr++] = series;
	}
	if (!arguments->words.n)
		qsort(view->series, view->nr, sizeof(*view->series), by_rank);
	if (view->nr)
		return 0;
	if (named && arguments->metric)
		cli_error("--metric %s: these series have no such metric; --format csv shows all",
			  arguments->metric);
	else if (!named)
		cli_error("%s: no such series; `trimm trend` lists them",
			  arguments->words.n ? arguments->words.item[0] : "trend");
	else
		cli_error("no time was measured of these, and no count changed; name one with "
			  "--metric");
	return TRIMM_USAGE;
}

static void print_list(const struct history_view *view)
{
	struct history_view shown = *view;
	size_t changed = 0;

	while (changed < view->nr && changed_since(view->series[changed], view->since))
		changed++;
	if (shown.nr > changed + UNCHANGED_SHOWN)
		shown.nr = changed + UNCHANGED_SHOWN;
	history_print_list(&shown, stdout);
	if (shown.nr < view->nr)
		printf("and %zu more without a change; `trimm trend SERIES` shows one\n",
		       view->nr - shown.nr);
}

static void print_text(const struct arguments *arguments, const struct history_view *view)
{
	if (!arguments->words.n && !arguments->changes)
		print_list(view);
	for (size_t i = 0; (arguments->words.n || arguments->changes) && i < view->nr; i++) {
		const struct history_series *series = view->series[i];

		if (!arguments->changes)
			history_print_plot(view, series, stdout);
		else if (changed_since(series, view->since))
			printf("%s %s\n", series->workload, series->label);
		history_print_changes(view, series, stdout);
		if (!arguments->changes || changed_since(series, view->since))
			putchar('\n');
	}
	if (view->history->nr_others)
		printf("Nights of %zu more machines are left out: --machine, or --across for all\n",
		       view->history->nr_others);
	history_print_summary(view, stdout);
}

static bool is_regressed(const struct history_view *view)
{
	for (size_t i = 0; i < view->nr; i++)
		for (size_t c = 0; c < view->series[i]->nr_changes; c++)
			if (view->series[i]->changes[c].stands &&
			    history_is_since(
				    view->series[i]->points[view->series[i]->changes[c].at].started,
				    view->since))
				return true;
	return false;
}

static int show(const struct arguments *arguments, const struct history *history)
{
	struct history_view view = {.history = history, .since = arguments->since};
	int code = choose(arguments, &view);

	if (!code) {
		code = is_regressed(&view) ? TRIMM_REGRESSED : TRIMM_FINE;
		if (arguments->format == FORMAT_IS_CSV)
			history_print_csv(&view, stdout);
		else if (arguments->format == FORMAT_IS_TEXT)
			print_text(arguments, &view);
		else if (history_print_json(&view, stdout))
			code = TRIMM_FAILED;
	}
	if (fflush(stdout) || ferror(stdout)) {
		cli_error("trend: can't write the output");
		code = TRIMM_FAILED;
	}
	free(view.series);
	return code;
}

int verb_trend(int argc, char **argv)
{
	struct arguments arguments = {.repo = "."};
	struct acceptance acceptance = {0};
	struct history *history = NULL;
	int code;

	cli_parse(&argp, argc, argv, &arguments);
	if (arguments.machine && arguments.across) {
		cli_error("trend: --machine is one, --across is all: give one of the two");
		code = TRIMM_USAGE;
	} else {
		code = acceptance_load(&acceptance, arguments.repo);
		if (!code)
			code = load_history(&arguments, &acceptance, &history);
		if (!code)
			code = show(&arguments, history);
	}
	history_free(history);
	acceptance_free(&acceptance);
	list_free(&arguments.words);
	return code;
}
