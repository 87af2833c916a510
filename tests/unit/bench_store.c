/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_store.c - what a store of a million records costs: making the index, listing,
 * finding, comparing two runs. Prints seconds and the most memory used so far.
 *
 * bench_store [RECORDS [FOLDER]]: 1,000,000 in a folder that goes at the end.
 */
#include "compare.h"
#include "report.h"
#include "store.h"

#include "run_files.h"

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
	fprintf(stderr, "bench_store: %s\n", error->text);
	exit(1);
}

/* A run of 10 cases has about 1,280 records. */
static void make_runs(const char *results, size_t records)
{
	struct record_shape shape = record_shape_default();
	char path[4096], id[24];

	for (size_t made = 0, i = 0; made < records; made += 1280, i++) {
		snprintf(id, sizeof(id), "202611%02zuT%02zu%02zu00-%04zx", 1 + i / 1440 % 28,
			 i / 60 % 24, i % 60, i & 0xffff);
		shape.run_id = id;
		shape.seed = i;
		snprintf(path, sizeof(path), "%s/runs/%s.ndjson", results, id);
		if (record_make(path, &shape)) {
			perror(path);
			exit(1);
		}
	}
}

struct total {
	size_t runs, records;
	char newest[32], oldest[32];
};

static bool add(void *arg, const struct store_run *run)
{
	struct total *total = arg;

	if (!total->runs++)
		snprintf(total->newest, sizeof(total->newest), "%s", run->run_id);
	snprintf(total->oldest, sizeof(total->oldest), "%s", run->run_id);
	total->records += run->records;
	return true;
}

static void compare_two(struct store *store, const char *a, const char *b)
{
	struct compare_options options = COMPARE_DEFAULTS;
	struct comparison *comparison;
	struct run *base, *next;
	struct run_error error;
	char *base_path, *next_path;

	must(store_find(store, a, &base_path, &error), &error);
	must(store_find(store, b, &next_path, &error), &error);
	must(run_load(base_path, &base, &error), &error);
	must(run_load(next_path, &next, &error), &error);
	must(compare_runs(base, next, NULL, &options, &comparison, &error), &error);
	comparison_free(comparison);
	run_free(base);
	run_free(next);
	free(base_path);
	free(next_path);
}

static void write_page(struct store *store, const char *id, const char *results)
{
	struct run_error error;
	struct run *run;
	char *path, page[4096];

	must(store_find(store, id, &path, &error), &error);
	must(run_load(path, &run, &error), &error);
	snprintf(page, sizeof(page), "%s/report", results);
	must(report_write(run, NULL, &REPORT_DEFAULTS, page, &error), &error);
	run_free(run);
	free(path);
}

int main(int argc, char **argv)
{
	size_t records = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
	const char *results = argc > 2 ? argv[2] : files_folder();
	struct total total = {0};
	struct store *store;
	struct run_error error;
	char runs[4096];
	double start;

	snprintf(runs, sizeof(runs), "%s/runs", results);
	mkdir(results, 0777);
	mkdir(runs, 0777);
	start = seconds();
	make_runs(results, records);
	report("write the files", start);
	start = seconds();
	must(store_open(results, &store, &error), &error);
	report("import all", start);
	start = seconds();
	must(store_list(store, NULL, NULL, add, &total, &error), &error);
	report("list all runs", start);
	start = seconds();
	compare_two(store, total.oldest, total.newest);
	report("compare two runs", start);
	start = seconds();
	write_page(store, total.newest, results);
	report("report of one run", start);
	printf("%zu runs, %zu records\n", total.runs, total.records);
	store_close(store);
	return 0;
}
