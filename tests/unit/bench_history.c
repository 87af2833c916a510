/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_history.c - what years of nights cost: 500 series (100 cases, each time and 4 counters) of
 * 1,000 nights put into the index, looked for what is new, read and judged.
 *
 * bench_history [NIGHTS [CASES]]: in a folder that goes at the end.
 */
#include "history.h"
#include "night_maker.h"
#include "run_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void report(const char *what, double since)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	printf("%-28s %8.3f s %6ld MiB\n", what, seconds() - since, usage.ru_maxrss / 1024);
}

static void must(int err, const struct run_error *error)
{
	if (!err)
		return;
	fprintf(stderr, "bench_history: %s\n", error->text);
	exit(1);
}

static void problem(void *arg, const struct run_error *error)
{
	(void)arg;
	must(-1, error);
}

int main(int argc, char **argv)
{
	size_t nights = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000, count, changes = 0;
	struct night_shape shape = night_shape_default(files_folder());
	struct history_options options = HISTORY_DEFAULTS;
	struct history *history;
	struct run_error error;
	struct store *store;
	double start;

	shape.nr_cases = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
	shape.nr_counters = 4;
	shape.step_at = nights / 2;
	shape.step = 1.05;
	for (shape.number = 0; shape.number < nights; shape.number++)
		must(night_make(&shape), &error);
	must(store_open(shape.folder, &store, &error), &error);
	start = seconds();
	must(store_import_nights(store, &count, problem, NULL, &error), &error);
	report("index them", start);
	start = seconds();
	must(store_import_nights(store, &count, problem, NULL, &error), &error);
	report("look for new ones", start);
	start = seconds();
	must(history_load(store, &options, &history, &error), &error);
	report("read and judge all", start);
	for (size_t i = 0; i < history->nr_series; i++)
		changes += history->series[i].nr_changes;
	printf("%zu series of %zu nights, %zu changes\n", history->nr_series, history->nr_nights,
	       changes);
	history_free(history);
	store_close(store);
	return 0;
}
